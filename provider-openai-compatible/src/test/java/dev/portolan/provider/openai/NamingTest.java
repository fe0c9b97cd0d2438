package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import java.net.URI;
import java.util.Map;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which providers there are, and where their values come from. */
class NamingTest {
    private static final String ANSWER =
            "{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}";

    @RegisterExtension
    private final Server server = new Server();

    private static ConfigurationException refusedToMake(
            OpenAiCompatible.Builder builder, Map<String, String> settings) {
        ProviderFactory factory = builder.build();
        return catchThrowableOfType(ConfigurationException.class, () -> factory.create(Settings.of(settings)));
    }

    private RecordedRequest received(Portolan portolan, String model) {
        server.json(200, ANSWER);
        assertThat(portolan.chat()
                        .complete(ChatRequest.builder(model).user("Hi").build())
                        .text())
                .isEqualTo("Yes");
        return server.received();
    }

    @Test
    void a_setting_makes_a_provider_of_its_name() {
        try (Portolan portolan = Portolan.load(Settings.of(Map.of(
                "PORTOLAN_OLLAMA_BASE_URL",
                server.baseUrl(),
                "PORTOLAN_MY_GPU_2_BASE_URL",
                server.baseUrl(),
                "PORTOLAN_BLANK_BASE_URL",
                " ",
                "PORTOLAN_LEDGER_URL",
                "none")))) {
            assertThat(portolan.providers()).containsExactly("my-gpu-2", "ollama");
            RecordedRequest received = received(portolan, "ollama/library/llama3.2:1b");
            assertThat(received.getTarget()).isEqualTo("/v1/chat/completions");
            assertThat(Server.bodyOf(received)).startsWith("{\"model\":\"library/llama3.2:1b\",");
            assertThat(received.getHeaders().get("Authorization")).isNull();
        }
    }

    @Test
    void a_key_of_that_name_is_sent() {
        try (Portolan portolan = Portolan.load(Settings.of(
                Map.of("PORTOLAN_VLLM_BASE_URL", server.baseUrl() + "/", "PORTOLAN_VLLM_API_KEY", "token-1")))) {
            RecordedRequest received = received(portolan, "vllm/m");
            assertThat(received.getHeaders().get("Authorization")).isEqualTo("Bearer token-1");
            assertThat(received.getTarget()).isEqualTo("/v1/chat/completions");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI_API_KEY, OPENAI_BASE_URL",
        "OPENAI_API_KEY, PORTOLAN_OPENAI_BASE_URL",
        "PORTOLAN_OPENAI_API_KEY, PORTOLAN_OPENAI_BASE_URL"
    })
    void openai_is_there_with_the_settings_of_its_own_clients(String key, String baseUrl) {
        try (Portolan portolan = Portolan.load(Settings.of(Map.of(key, "sk-1", baseUrl, server.baseUrl())))) {
            assertThat(portolan.providers()).containsExactly("openai");
            assertThat(received(portolan, "openai/gpt-4o-mini").getHeaders().get("Authorization"))
                    .isEqualTo("Bearer sk-1");
        }
    }

    @Test
    void without_settings_there_is_none_and_the_error_names_the_one_that_is_missing() {
        try (Portolan portolan = Portolan.load(Settings.of(Map.of()))) {
            assertThat(portolan.providers()).isEmpty();
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> received(portolan, "vllm/m"))
                    .withMessageContaining("'vllm'")
                    .withMessageContaining("set PORTOLAN_VLLM_BASE_URL to its address.");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> received(portolan, "my_gpu/m"))
                    .withMessageContaining("set PORTOLAN_MY_GPU_BASE_URL to its address, and write 'my-gpu'.");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> received(portolan, "openai/m"))
                    .withMessageContaining("set OPENAI_API_KEY");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PORTOLAN_BASE_URL", "PORTOLAN__BASE_URL", "PORTOLAN_Ollama_BASE_URL", "PORTOLAN_A__B_BASE_URL"})
    void a_setting_that_names_nothing_is_an_error(String setting) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Portolan.load(Settings.of(Map.of(setting, "http://localhost:1"))))
                .withMessageContaining(setting);
    }

    @Test
    void two_settings_of_one_name_with_a_provider_of_the_class_path_are_told_apart_by_their_setting() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Portolan.builder()
                        .settings(Settings.of(Map.of("PORTOLAN_OLLAMA_BASE_URL", server.baseUrl())))
                        .providerSource(new OpenAiCompatibleSource())
                        .providerSource(new OpenAiCompatibleSource())
                        .build())
                .withMessage("Two providers are named 'ollama'. Found: ollama (by PORTOLAN_OLLAMA_BASE_URL), ollama (by"
                        + " PORTOLAN_OLLAMA_BASE_URL). Remove one.");
    }

    @Test
    void code_beats_settings_value_by_value() {
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of(
                        "PORTOLAN_VLLM_BASE_URL", "http://127.0.0.1:1/v1", "PORTOLAN_VLLM_API_KEY", "from-settings")))
                .provider(OpenAiCompatible.named("vllm")
                        .baseUrl(server.baseUrl())
                        .header("x-team", "search")
                        .build())
                .discover()
                .build()) {
            assertThat(portolan.providers()).containsExactly("vllm");
            RecordedRequest received = received(portolan, "vllm/m");
            assertThat(received.getHeaders().get("Authorization")).isEqualTo("Bearer from-settings");
            assertThat(received.getHeaders().get("x-team")).isEqualTo("search");
        }
    }

    @Test
    void quirks_are_read_from_the_settings_and_a_word_that_is_none_is_told() {
        try (Portolan portolan = Portolan.load(Settings.of(Map.of(
                "PORTOLAN_X_BASE_URL",
                server.baseUrl(),
                "PORTOLAN_X_QUIRKS",
                "max-completion-tokens, send_reasoning")))) {
            server.json(200, ANSWER);
            portolan.chat()
                    .complete(ChatRequest.builder("x/m").user("Hi").maxTokens(5).build());
            assertThat(server.receivedBody().text()).contains("\"max_completion_tokens\":5");
        }
        assertThat(refusedToMake(
                        OpenAiCompatible.named("x").baseUrl(server.baseUrl()), Map.of("PORTOLAN_X_QUIRKS", "fast")))
                .hasMessageContaining("PORTOLAN_X_QUIRKS has 'fast'; expected some of max_completion_tokens, ");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1, true",
        "https://eu.api.openai.com/v1, true",
        "https://acme.openai.azure.com/openai/v1, true",
        "https://acme.openai.azure.us/openai/v1, true",
        "https://acme.services.ai.azure.com/openai/v1, true",
        "https://acme.cognitiveservices.azure.com/openai/v1, true",
        "https://openai.com.example.com/v1, false",
        "http://localhost:11434/v1, false"
    })
    void openais_own_hosts_know_the_newer_name_of_the_limit(String url, boolean newer) throws Exception {
        assertThat(OpenAiCompatible.isOpenAi(new URI(url))).isEqualTo(newer);
    }

    @Test
    void a_key_goes_over_plain_http_to_this_machine_only_unless_allowed() {
        OpenAiCompatible.Builder remote = OpenAiCompatible.named("lan").baseUrl("http://192.168.1.9:8000/v1");
        try (Provider withoutKey = remote.build().create(Settings.of(Map.of()))) {
            assertThat(withoutKey.chat()).isPresent();
        }
        remote.apiKey("token-1");

        assertThat(refusedToMake(remote, Map.of()))
                .hasMessageContaining("PORTOLAN_ALLOW_PLAIN_HTTP=true")
                .hasMessageNotContaining("token-1");
        try (Provider allowed = remote.build().create(Settings.of(Map.of("PORTOLAN_ALLOW_PLAIN_HTTP", "true")))) {
            assertThat(allowed.chat()).isPresent();
        }
        try (Provider allowed = remote.allowPlainHttp().build().create(Settings.of(Map.of()))) {
            assertThat(allowed.chat()).isPresent();
        }
    }

    @Test
    void a_key_that_is_blank_is_not_set() {
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of("PORTOLAN_VLLM_API_KEY", "from-settings")))
                .provider(OpenAiCompatible.named("vllm")
                        .baseUrl(server.baseUrl() + "//")
                        .apiKey(" ")
                        .build())
                .build()) {
            RecordedRequest received = received(portolan, "vllm/m");
            assertThat(received.getHeaders().get("Authorization")).isEqualTo("Bearer from-settings");
            assertThat(received.getTarget()).isEqualTo("/v1/chat/completions");
        }
    }

    @Test
    void what_is_missing_or_wrong_is_told_with_its_setting() {
        assertThat(refusedToMake(OpenAiCompatible.named("vllm"), Map.of()))
                .hasMessageContaining("PORTOLAN_VLLM_BASE_URL");
        assertThat(refusedToMake(OpenAiCompatible.named("vllm").baseUrl("not a url"), Map.of()))
                .hasMessageContaining("is not a URL");
        assertThat(refusedToMake(OpenAiCompatible.named("vllm").baseUrl("localhost:8000"), Map.of()))
                .hasMessageContaining("expected an http or https address");
        assertThat(refusedToMake(
                        OpenAiCompatible.named("vllm").baseUrl(server.baseUrl()).apiKey("two words"), Map.of()))
                .hasMessageContaining("PORTOLAN_VLLM_API_KEY")
                .hasMessageNotContaining("two words");
        assertThatIllegalArgumentException().isThrownBy(() -> OpenAiCompatible.named("My GPU"));
        assertThat(OpenAiCompatible.named("vllm").apiKey("token-1").build()).hasToString("OpenAiCompatible[vllm]");
    }
}
