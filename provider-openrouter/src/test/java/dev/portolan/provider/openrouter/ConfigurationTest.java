package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.CallOptions;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider's settings: key, address, and the headers by which an app is known. */
class ConfigurationTest {
    @RegisterExtension
    final Loopback server = new Loopback();

    @Test
    void without_a_key_nothing_is_sent_and_the_error_names_the_setting() {
        Settings settings =
                Settings.of(Map.of("OPENROUTER_API_BASE", server.simulator().baseUrl()));

        assertThatThrownBy(() -> new OpenRouterProviderFactory().create(settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("OPENROUTER_API_KEY");
        try (Portolan portolan = Portolan.load(settings)) {
            ChatPort chat = portolan.chat();
            assertThatThrownBy(() -> chat.complete(Loopback.request().build()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("OPENROUTER_API_KEY");
            assertThatThrownBy(() -> chat.stream(Loopback.request().build()))
                    .isInstanceOf(ConfigurationException.class);
        }
        assertThat(server.simulator().requests()).isEmpty();
    }

    @Test
    void the_older_name_of_the_key_is_read_too() {
        Settings settings = Settings.of(Map.of(
                "OR_API_KEY",
                "old-key",
                "OPENROUTER_API_BASE",
                server.simulator().baseUrl()));

        assertThat(sent(settings).header("Authorization")).contains("Bearer old-key");
        assertThat(sent(settings.with("OPENROUTER_API_KEY", "new-key")).header("Authorization"))
                .contains("Bearer new-key");
        assertThat(sent(settings.with("OPENROUTER_API_KEY", " ")).header("Authorization"))
                .contains("Bearer old-key");
    }

    @Test
    void white_space_around_a_key_is_dropped() {
        assertThat(sent(server.settings("OPENROUTER_API_KEY", " \tkey-1\n")).header("Authorization"))
                .contains("Bearer key-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-or-v1-abc\ndef", "sk-or-v1-abc\r\nX-Evil: 1", "sk-or-v1 abc", "sk-or-v1-ü", "sk\u0000"})
    void a_key_that_would_break_a_header_is_refused_without_showing_it(String key) {
        assertThatThrownBy(() -> server.provider(server.settings("OPENROUTER_API_KEY", key)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("OPENROUTER_API_KEY")
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain(key));
        assertThat(server.simulator().requests()).isEmpty();
    }

    @Test
    void the_base_url_may_end_with_a_slash() {
        String base = server.simulator().baseUrl();

        assertThat(sent(server.settings("OPENROUTER_API_BASE", base)).path()).isEqualTo("/api/v1/chat/completions");
        assertThat(sent(server.settings("OPENROUTER_API_BASE", base + "/")).path())
                .isEqualTo("/api/v1/chat/completions");
        assertThat(sent(server.settings("OPENROUTER_API_BASE", base + "/proxy/openrouter"))
                        .path())
                .isEqualTo("/api/v1/proxy/openrouter/chat/completions");
    }

    @Test
    void one_call_may_go_elsewhere() {
        try (OpenRouterSimulator elsewhere = OpenRouterSimulator.start()) {
            elsewhere.enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));
            elsewhere.enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")));
            ChatRequest request = Loopback.request()
                    .baseUrl(URI.create(elsewhere.baseUrl() + "/"))
                    .build();

            server.chat().complete(request);
            try (var stream = server.chat().stream(request)) {
                stream.response();
            }

            assertThat(elsewhere.requests())
                    .hasSize(2)
                    .allSatisfy(sent -> assertThat(sent.path()).isEqualTo("/api/v1/chat/completions"));
            assertThat(server.simulator().requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a url", "ftp://example.com", "example.com/api", "http://example.com/api/v1"})
    void a_base_url_that_cannot_be_used_is_refused_at_once(String base) {
        assertThatThrownBy(() -> server.provider(server.settings("OPENROUTER_API_BASE", base)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(base);
    }

    @Test
    void plain_http_to_another_host_can_be_allowed() {
        server.provider(server.settings(
                "OPENROUTER_API_BASE", "http://gateway.example/api/v1", "PORTOLAN_ALLOW_PLAIN_HTTP", "true"));
    }

    @Test
    void the_password_in_a_base_url_is_not_shown() {
        assertThatThrownBy(() -> server.provider(
                        server.settings("OPENROUTER_API_BASE", "http://user:secret@gateway.example/api/v1")))
                .isInstanceOf(ConfigurationException.class)
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("secret"));
    }

    @Test
    void an_app_that_does_not_name_itself_is_not_named() {
        SimulatorRequest sent = sent(server.settings());

        assertThat(sent.header("HTTP-Referer")).isEmpty();
        assertThat(sent.header("X-OpenRouter-Title")).isEmpty();
        assertThat(sent.header("X-Title")).isEmpty();
        assertThat(sent.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(sent.header("User-Agent")).contains("portolan");
    }

    @Test
    void an_app_that_names_itself_is_named_in_blocking_calls_and_streams() {
        Settings settings = server.settings("OR_SITE_URL", "https://example.com/app", "OR_APP_NAME", "My App");
        ChatPort chat = server.chat(settings);
        server.simulator()
                .enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")))
                .enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")));
        chat.complete(Loopback.request().build());
        try (var stream = chat.stream(Loopback.request().build())) {
            stream.response();
        }

        assertThat(server.simulator().requests()).hasSize(2).allSatisfy(sent -> {
            assertThat(sent.header("HTTP-Referer")).contains("https://example.com/app");
            assertThat(sent.header("X-OpenRouter-Title")).contains("My App");
            assertThat(sent.header("X-Title")).contains("My App");
        });
    }

    @Test
    void a_name_that_headers_cannot_carry_is_written_in_ascii() {
        assertThat(sent(server.settings("OR_APP_NAME", "Zürich Café 🌍\u0007!")).header("X-Title"))
                .contains("Zurich Cafe !");
    }

    @Test
    void a_name_of_which_nothing_is_left_in_ascii_is_not_sent() {
        SimulatorRequest sent = sent(server.settings("OR_APP_NAME", "航海", "OR_SITE_URL", "航海"));

        assertThat(sent.headers()).doesNotContainKeys("X-Title", "X-OpenRouter-Title", "HTTP-Referer");
    }

    @Test
    void headers_of_a_call_beat_those_of_the_provider_in_whatever_case() {
        ChatRequest request = Loopback.request()
                .header("x-title", "Other")
                .header("AUTHORIZATION", "Bearer other-key")
                .header("X-OpenRouter-Metadata", "disabled")
                .header("X-Custom", "1")
                .options(OpenRouterOptions.builder().routerMetadata(true).build())
                .build();
        server.simulator().enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));
        server.chat(server.settings("OR_APP_NAME", "My App")).complete(request);

        Map<String, java.util.List<String>> headers = server.received().headers();
        assertThat(headers.get("X-Title")).containsExactly("Other");
        assertThat(headers.get("X-OpenRouter-Title")).containsExactly("My App");
        assertThat(headers.get("Authorization")).containsExactly("Bearer other-key");
        assertThat(headers.get("X-OpenRouter-Metadata")).containsExactly("disabled");
        assertThat(headers.get("X-Custom")).containsExactly("1");
    }

    @Test
    void a_header_that_could_break_out_of_its_line_is_refused() {
        assertThatThrownBy(() -> CallOptions.DEFAULT.withHeader("X-A", "1\r\nX-B: 2"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private SimulatorRequest sent(Settings settings) {
        server.simulator().enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));
        server.chat(settings).complete(Loopback.request().build());
        return server.received();
    }
}
