package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.spi.ProviderFactory;
import java.io.IOException;
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
}
