package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.spi.ProviderFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider of docs/writing-a-provider.md, besides its contract. */
class HarbourProviderTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .getParent()
            .resolve("docs/writing-a-provider.md");

    @Test
    void the_whole_provider_has_less_than_a_hundred_lines_besides_its_imports() throws IOException {
        long lines = Pattern.compile(
                        "<!-- sample: harbour_(?:factory|chat|reply) -->\n```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .count();

        assertThat(lines).isBetween(50L, 99L);
    }

    @Test
    void a_file_with_its_name_is_all_it_takes_to_be_found(@TempDir Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("dev.portolan.api.spi.ProviderFactory"), HarbourProviderFactory.class.getName());
        try (HarbourServer server = new HarbourServer();
                URLClassLoader loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            ProviderFactory found = ServiceLoader.load(ProviderFactory.class, loader).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(factory -> factory.name().equals("harbour"))
                    .findFirst()
                    .orElseThrow();
            try (Portolan portolan = Portolan.builder()
                    .settings(Settings.of(Map.of("HARBOUR_KEY", HarbourServer.KEY, "HARBOUR_URL", server.url())))
                    .provider(found)
                    .build()) {
                ChatResponse reply = portolan.chat()
                        .complete(ChatRequest.builder("harbour/small")
                                .user("Ahoy")
                                .build());

                assertThat(reply.text()).isEqualTo("You said: Ahoy");
                assertThat(reply.cost()).hasToString("$0.0000010");
                assertThat(reply.warnings()).isEqualTo(List.of());
            }
        }
    }

    @Test
    void a_call_with_an_address_of_its_own_goes_there() {
        try (HarbourServer one = new HarbourServer();
                HarbourServer other = new HarbourServer();
                Portolan portolan = harbour(one)) {
            portolan.chat()
                    .complete(
                            hello().toBuilder().baseUrl(URI.create(other.url())).build());

            assertThat(one.asked()).isEmpty();
            assertThat(other.asked()).isNotEmpty();
        }
    }

    @Test
    void what_harbour_takes_is_sent_and_what_it_does_not_take_is_warned_of() {
        try (HarbourServer server = new HarbourServer();
                Portolan portolan = harbour(server)) {
            ChatResponse reply = portolan.chat()
                    .complete(hello().toBuilder()
                            .temperature(0.5)
                            .maxTokens(20)
                            .extra("tide", "high")
                            .topP(0.9)
                            .user(ContentPart.text("Look:"), ContentPart.image("https://example.com/harbour.jpg"))
                            .build());

            assertThat(server.asked())
                    .contains("\"temperature\":0.5", "\"max_tokens\":20", "\"tide\":\"high\"")
                    .doesNotContain("top_p", "harbour.jpg");
            assertThat(reply.warnings()).extracting(Warning::subject).containsExactly("request");
        }
    }

    @Test
    void an_extra_replaces_no_field_of_the_request() {
        try (HarbourServer server = new HarbourServer();
                Portolan portolan = harbour(server)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> portolan.chat()
                            .complete(hello().toBuilder().extra("live", true).build()))
                    .withMessageContaining("'live'");
            assertThat(server.asked()).isEmpty();
        }
    }

    private static ChatRequest hello() {
        return ChatRequest.builder("harbour/small").user("Ahoy").build();
    }

    private static Portolan harbour(HarbourServer server) {
        return Portolan.builder()
                .settings(Settings.of(Map.of("HARBOUR_KEY", HarbourServer.KEY, "HARBOUR_URL", server.url())))
                .provider(new HarbourProviderFactory())
                .build();
    }
}
