package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.api.spi.ProviderSource;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link java.util.ServiceLoader} finds. Each test puts its own {@code META-INF/services} on the class path of its
 * thread, so that no other test finds the toys.
 */
class PortolanDiscoveryTest {
    @TempDir
    private Path classPath;

    private ClassLoader original;
    private URLClassLoader loader;

    @BeforeEach
    void putFolderOnTheClassPath() throws IOException {
        original = Thread.currentThread().getContextClassLoader();
        loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, original);
        Thread.currentThread().setContextClassLoader(loader);
    }

    @AfterEach
    void restoreTheClassPath() throws IOException {
        Thread.currentThread().setContextClassLoader(original);
        loader.close();
    }

    private void register(Class<?> service, Class<?>... implementations) throws IOException {
        Path services = Files.createDirectories(classPath.resolve("META-INF/services"));
        List<String> names = Stream.of(implementations).map(Class::getName).toList();
        Files.write(services.resolve(service.getName()), names);
    }

    /** A provider that greets with a setting. */
    public static class ToyFactory implements ProviderFactory {
        @Override
        public String name() {
            return "toy";
        }

        @Override
        public Provider create(Settings settings) {
            return new FakeProvider(settings.get("TOY_GREETING").orElse("no greeting"));
        }
    }

    /** Another provider of the same name. */
    public static final class SecondToyFactory extends ToyFactory {}

    /** A decorator that asks another model. */
    public static final class ToyDecorator implements PortDecorator {
        @Override
        public ChatPort decorate(ChatPort port) {
            return new ChatPort() {
                @Override
                public ChatResponse complete(ChatRequest request) {
                    return port.complete(
                            request.toBuilder().model("toy/decorated").build());
                }

                @Override
                public ChatStream stream(ChatRequest request) {
                    return port.stream(request);
                }
            };
        }
    }

    /** Makes a provider for each setting that begins with TOY_AT_. */
    public static class ToySource implements ProviderSource {
        @Override
        public List<ProviderFactory> find(Settings settings) {
            return settings.names().stream()
                    .filter(name -> name.startsWith("TOY_AT_"))
                    .<ProviderFactory>map(Named::new)
                    .toList();
        }

        @Override
        public String howToAdd(String name) {
            return "Set TOY_AT_" + name + ".";
        }

        private record Named(String setting) implements ProviderFactory {
            @Override
            public String name() {
                return setting.substring("TOY_AT_".length());
            }

            @Override
            public Provider create(Settings settings) {
                return new FakeProvider(settings.get(setting).orElseThrow());
            }

            @Override
            public String toString() {
                return "by " + setting;
            }
        }
    }

    private static ChatRequest request() {
        return ChatRequest.builder("toy/model").user("Hello").build();
    }

    @Test
    void a_registered_provider_is_found_and_made_from_the_settings() throws IOException {
        register(ProviderFactory.class, ToyFactory.class);

        try (Portolan portolan = Portolan.load(Settings.of(Map.of("TOY_GREETING", "hello from the settings")))) {
            assertThat(portolan.providers()).containsExactly("toy");
            assertThat(portolan.chat().complete(request()).text()).isEqualTo("hello from the settings");
        }
    }

    @Test
    void without_settings_the_system_properties_are_read() throws IOException {
        register(ProviderFactory.class, ToyFactory.class);
        System.setProperty("TOY_GREETING", "hello from a property");

        try (Portolan portolan = Portolan.load()) {
            assertThat(portolan.chat().complete(request()).text()).isEqualTo("hello from a property");
        } finally {
            System.clearProperty("TOY_GREETING");
        }
    }

    @Test
    void a_registered_decorator_is_found_and_applied() throws IOException {
        register(ProviderFactory.class, ToyFactory.class);
        register(PortDecorator.class, ToyDecorator.class);

        try (Portolan portolan = Portolan.load(Settings.of(Map.of()))) {
            ChatRequest elsewhere = request().toBuilder().model("unknown/model").build();
            assertThat(portolan.chat().complete(elsewhere).text()).isEqualTo("no greeting");
        }
    }

    @Test
    void found_and_given_providers_come_together() throws IOException {
        register(ProviderFactory.class, ToyFactory.class);

        try (Portolan portolan = Portolan.builder()
                .provider("local", new FakeProvider("hello"))
                .discover()
                .build()) {
            assertThat(portolan.providers()).containsExactly("local", "toy");
        }
    }

    @Test
    void two_registered_providers_of_one_name_are_an_error_that_lists_both() throws IOException {
        register(ProviderFactory.class, ToyFactory.class, SecondToyFactory.class);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(Portolan::load)
                .withMessage("Two providers are named 'toy'. Found: toy (" + ToyFactory.class.getName() + "), toy ("
                        + SecondToyFactory.class.getName() + "). Remove one.");
    }

    @Test
    void settings_name_providers_for_a_source() throws IOException {
        register(ProviderSource.class, ToySource.class);

        try (Portolan portolan = Portolan.load(Settings.of(Map.of("TOY_AT_home", "hello", "TOY_AT_toy", "hi")))) {
            assertThat(portolan.providers()).containsExactly("home", "toy");
            assertThat(portolan.chat().complete(request()).text()).isEqualTo("hi");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> portolan.provider("work", Provider.class))
                    .withMessageEndingWith("for example 'home/…'. Set TOY_AT_work.");
        }
    }

    @Test
    void a_provider_in_code_is_taken_in_place_of_one_that_the_settings_name() throws IOException {
        register(ProviderSource.class, ToySource.class);

        try (Portolan portolan = Portolan.builder()
                .discover()
                .settings(Settings.of(Map.of("TOY_AT_toy", "hi")))
                .provider("toy", new FakeProvider("from code"))
                .build()) {
            assertThat(portolan.providers()).containsExactly("toy");
            assertThat(portolan.chat().complete(request()).text()).isEqualTo("from code");
        }
    }

    @Test
    void a_provider_of_the_class_path_is_not_hidden_by_a_setting() throws IOException {
        register(ProviderFactory.class, ToyFactory.class);
        register(ProviderSource.class, ToySource.class);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Portolan.load(Settings.of(Map.of("TOY_AT_toy", "hi"))))
                .withMessage("Two providers are named 'toy'. Found: toy (" + ToyFactory.class.getName()
                        + "), toy (by TOY_AT_toy). Remove one.");
    }

    @Test
    void a_name_in_a_setting_that_no_model_can_have_is_told() throws IOException {
        register(ProviderSource.class, ToySource.class);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Portolan.load(Settings.of(Map.of("TOY_AT_Home", "hi"))))
                .withMessageStartingWith("The provider by TOY_AT_Home has the name 'Home'");
    }

    @Test
    void without_registrations_nothing_is_found() {
        try (Portolan portolan = Portolan.load(Settings.of(Map.of()))) {
            assertThat(portolan.providers()).isEmpty();
        }
    }
}
