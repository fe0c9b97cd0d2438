package dev.portolan.wiring.guice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.Singleton;
import com.google.inject.Stage;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.name.Names;
import com.google.inject.util.Modules;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Unsupported;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import jakarta.inject.Named;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PortolanModuleTest {
    private static final Settings NOTHING_SET = Settings.of(Map.of());
    private static OpenRouterSimulator simulator;

    @BeforeAll
    static void start() {
        simulator = OpenRouterSimulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static Module settings() {
        return settings(Settings.of(
                Map.of("OPENROUTER_API_KEY", simulator.apiKey(), "OPENROUTER_API_BASE", simulator.baseUrl())));
    }

    private static Module settings(Settings settings) {
        return binder -> binder.bind(Settings.class).toInstance(settings);
    }

    private static Module provider(ProviderFactory factory) {
        return binder -> PortolanModule.provider(binder, factory.name()).toInstance(factory);
    }

    private static ChatRequest hello() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .build();
    }

    private static <T> T named(Injector injector, Class<T> type, String name) {
        return injector.getInstance(Key.get(type, Names.named(name)));
    }

    private static void close(Injector injector) {
        injector.getInstance(PortolanLifecycle.class).close();
    }

    @Nested
    class Binding {
        @Test
        void every_port_is_there_and_asks_the_provider_that_was_found() {
            Injector injector = Guice.createInjector(new PortolanModule(), settings());

            assertThat(injector.getInstance(ChatPort.class).complete(hello()).text())
                    .isNotEmpty();
            assertThat(injector.getInstance(EmbeddingPort.class)
                            .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                                    .text("a calm sea")
                                    .build())
                            .embeddings())
                    .hasSize(1);
            assertThat(injector.getInstance(ImagePort.class)
                            .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                                    .prompt("a calm sea")
                                    .build())
                            .images())
                    .hasSize(1);
            assertThat(injector.getInstance(ModelCatalogPort.class).models(ModelQuery.ALL))
                    .isNotEmpty();
            assertThat(injector.getInstance(BillingPort.class).find(hello().model(), "gen-unknown"))
                    .isEmpty();
            close(injector);
        }

        @Test
        void all_ports_are_those_of_one_portolan() {
            Injector injector = Guice.createInjector(new PortolanModule(), settings());
            Portolan portolan = injector.getInstance(Portolan.class);

            assertThat(injector.getInstance(Portolan.class)).isSameAs(portolan);
            assertThat(injector.getInstance(ChatPort.class)).isSameAs(portolan.chat());
            assertThat(injector.getInstance(EmbeddingPort.class)).isSameAs(portolan.embeddings());
            assertThat(injector.getInstance(ImagePort.class)).isSameAs(portolan.images());
            assertThat(injector.getInstance(ModelCatalogPort.class)).isSameAs(portolan.catalog());
            assertThat(injector.getInstance(BillingPort.class)).isSameAs(portolan.billing());
            close(injector);
        }

        @Test
        void one_module_serves_two_injectors_each_with_its_own_portolan() {
            Module module = Modules.combine(new PortolanModule(), settings());
            Injector one = Guice.createInjector(module);
            Injector other = Guice.createInjector(module);

            assertThat(one.getInstance(Portolan.class)).isNotSameAs(other.getInstance(Portolan.class));
            close(one);

            assertThat(other.getInstance(ChatPort.class).complete(hello()).text())
                    .isNotEmpty();
            close(other);
        }

        @Test
        void without_settings_the_system_properties_are_read() {
            System.setProperty("OPENROUTER_API_KEY", simulator.apiKey());
            System.setProperty("OPENROUTER_API_BASE", simulator.baseUrl());
            try {
                Injector injector = Guice.createInjector(new PortolanModule());

                assertThat(injector.getInstance(ChatPort.class)
                                .complete(hello())
                                .text())
                        .isNotEmpty();
                close(injector);
            } finally {
                System.clearProperty("OPENROUTER_API_KEY");
                System.clearProperty("OPENROUTER_API_BASE");
            }
        }

        @Test
        void it_can_be_installed_several_times_and_with_guices_strictest_rules() {
            Injector injector =
                    Guice.createInjector(new PortolanModule(), settings(), provider(new EchoFactory()), binder -> {
                        binder.requireExplicitBindings();
                        binder.requireAtInjectOnConstructors();
                        binder.requireExactBindingAnnotations();
                        binder.disableCircularProxies();
                        binder.install(new PortolanModule());
                        PortolanModule.ports(binder, "openrouter");
                    });

            assertThat(injector.getInstance(ChatPort.class)
                            .complete(EchoFactory.hello())
                            .text())
                    .isEqualTo("Hello");
            close(injector);
        }

        @Test
        void a_child_injector_may_have_it_alone() {
            Injector parent = Guice.createInjector(settings());
            Injector child = parent.createChildInjector(new PortolanModule());

            assertThat(child.getInstance(ChatPort.class).complete(hello()).text())
                    .isNotEmpty();
            close(child);
        }
    }

    @Nested
    class Adding {
        private final List<CostEvent> told = new ArrayList<>();

        @Test
        void a_sink_of_the_application_is_told_of_calls() {
            Injector injector = Guice.createInjector(
                    new PortolanModule(),
                    settings(),
                    binder -> Multibinder.newSetBinder(binder, CostSink.class)
                            .addBinding()
                            .to(CountingSink.class));

            var reply = injector.getInstance(ChatPort.class).complete(hello());

            assertThat(injector.getInstance(CountingSink.class).events)
                    .singleElement()
                    .satisfies(event -> assertThat(event.cost()).isEqualTo(reply.cost()));
            close(injector);
        }

        @Test
        void factories_of_sinks_and_guards_and_decorators_are_asked_too() {
            List<String> notes = new ArrayList<>();
            PortDecorator decorator = new CallDecorator() {
                @Override
                protected CallObserver begin(dev.portolan.api.Request request) {
                    notes.add("decorator");
                    return CallObserver.NONE;
                }
            };
            Injector injector =
                    Guice.createInjector(new PortolanModule(), settings(), provider(new EchoFactory()), binder -> {
                        Multibinder.newSetBinder(binder, PortDecorator.class)
                                .addBinding()
                                .toInstance(decorator);
                        Multibinder.newSetBinder(binder, SpendingGuard.class)
                                .addBinding()
                                .toInstance((id, request) -> {
                                    notes.add("guard");
                                    return SpendingGuard.Reservation.NONE;
                                });
                        Multibinder.newSetBinder(binder, CostSinkFactory.class)
                                .addBinding()
                                .toInstance((settings, sources) -> Optional.of(told::add));
                    });

            named(injector, ChatPort.class, "echo").complete(EchoFactory.hello());

            assertThat(notes).containsExactly("decorator", "guard");
            assertThat(told).hasSize(1);
            close(injector);
        }

        @Test
        void a_policy_for_what_a_model_cannot_do_is_followed() {
            Injector injector = Guice.createInjector(
                    new PortolanModule(),
                    settings(),
                    binder -> binder.bind(Unsupported.class).toInstance(Unsupported.DROP));
            String deaf = injector.getInstance(ModelCatalogPort.class).models(ModelQuery.ALL).stream()
                    .filter(model -> model.outputModalities().contains("text")
                            && !model.supportedParameters().isEmpty()
                            && !model.supportedParameters().contains("seed"))
                    .map(ModelInfo::id)
                    .findFirst()
                    .orElseThrow()
                    .toString();

            var reply = injector.getInstance(ChatPort.class)
                    .complete(ChatRequest.builder(deaf).user("Hello").seed(1L).build());

            assertThat(reply.warnings()).isNotEmpty();
            close(injector);
        }

        @Test
        void a_provider_in_the_set_is_there_and_its_ports_are_bound_by_name_when_asked_for() {
            Injector injector = Guice.createInjector(new PortolanModule(), settings(), binder -> {
                Multibinder.newSetBinder(binder, ProviderFactory.class)
                        .addBinding()
                        .to(EchoFactory.class);
                PortolanModule.ports(binder, "echo");
            });

            assertThat(injector.getInstance(Portolan.class).providers())
                    .containsExactlyInAnyOrder("openrouter", "echo");
            assertThat(named(injector, ChatPort.class, "echo")
                            .complete(EchoFactory.hello())
                            .text())
                    .isEqualTo("Hello");
            close(injector);
        }

        @Test
        void a_sink_that_asks_a_model_takes_the_port_through_a_provider() {
            Injector injector = Guice.createInjector(
                    new PortolanModule(),
                    settings(),
                    provider(new EchoFactory()),
                    binder -> Multibinder.newSetBinder(binder, CostSink.class)
                            .addBinding()
                            .to(AskingSink.class));

            injector.getInstance(ChatPort.class).complete(EchoFactory.hello());

            assertThat(injector.getInstance(AskingSink.class).port).isSameAs(injector.getInstance(ChatPort.class));
            close(injector);
        }

        @Test
        void a_sink_that_takes_the_portolan_itself_is_an_error_of_guice_and_no_endless_loop() {
            Injector injector = Guice.createInjector(
                    new PortolanModule(),
                    settings(),
                    binder -> Multibinder.newSetBinder(binder, CostSink.class)
                            .addBinding()
                            .to(CircularSink.class));

            assertThatExceptionOfType(ProvisionException.class)
                    .isThrownBy(() -> injector.getInstance(Portolan.class))
                    .withMessageContaining("circular dependency");
        }
    }

    /** One for an injector, so that the test finds it again. */
    @Singleton
    static final class CountingSink implements CostSink {
        final List<CostEvent> events = new ArrayList<>();

        @Override
        public void record(CostEvent event) {
            events.add(event);
        }
    }

    @Singleton
    static final class AskingSink implements CostSink {
        private final com.google.inject.Provider<ChatPort> chat;
        ChatPort port;

        @Inject
        AskingSink(com.google.inject.Provider<ChatPort> chat) {
            this.chat = chat;
        }

        @Override
        public void record(CostEvent event) {
            port = chat.get();
        }
    }

    static final class CircularSink implements CostSink {
        @Inject
        CircularSink(Portolan portolan) {}

        @Override
        public void record(CostEvent event) {}
    }

    /** A service that is meant for one provider; the annotation is Jakarta's. */
    static final class OfOneProvider {
        final ChatPort chat;
        final EmbeddingPort embeddings;

        @jakarta.inject.Inject
        OfOneProvider(
                @Named("openrouter") ChatPort chat,
                @com.google.inject.name.Named("openrouter") EmbeddingPort embeddings) {
            this.chat = chat;
            this.embeddings = embeddings;
        }
    }

    @Nested
    class ByName {
        @Test
        void a_port_is_injected_by_either_annotation_and_passes_all_sinks() {
            Injector injector = Guice.createInjector(
                    new PortolanModule(),
                    settings(),
                    binder -> Multibinder.newSetBinder(binder, CostSink.class)
                            .addBinding()
                            .to(CountingSink.class));
            OfOneProvider service = injector.getInstance(OfOneProvider.class);

            try (ChatStream stream = service.chat.stream(hello())) {
                stream.response();
            }
            service.embeddings.embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                    .text("a calm sea")
                    .build());

            assertThat(injector.getInstance(CountingSink.class).events)
                    .extracting(CostEvent::operation)
                    .containsExactly(CostEvent.Operation.CHAT, CostEvent.Operation.EMBEDDING);
            close(injector);
        }

        @Test
        void a_model_of_another_provider_is_an_error_that_names_both() {
            EchoFactory echo = new EchoFactory();
            Injector injector = Guice.createInjector(new PortolanModule(), settings(), provider(echo));

            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(
                            () -> named(injector, ChatPort.class, "openrouter").complete(EchoFactory.hello()))
                    .withMessageContaining("'echo/m'")
                    .withMessageContaining("'openrouter'");
            assertThat(echo.made).hasValue(0);
            close(injector);
        }

        @Test
        void the_catalogue_and_the_books_are_those_of_the_provider() {
            Injector injector = Guice.createInjector(new PortolanModule(), settings(), provider(new EchoFactory()));

            assertThat(named(injector, ModelCatalogPort.class, "openrouter").models(ModelQuery.ALL))
                    .isNotEmpty()
                    .allMatch(model -> model.id().provider().equals("openrouter"));
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() ->
                            named(injector, ModelCatalogPort.class, "echo").models(ModelQuery.ALL))
                    .withMessage("The provider 'echo' has no catalogue of models");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> named(injector, ImagePort.class, "echo")
                            .generate(ImageRequest.builder("echo/m").prompt("a").build()))
                    .withMessageContaining("has no image models");
            close(injector);
        }

        @Test
        void a_provider_that_the_settings_name_has_its_ports_by_name() {
            Settings settings = Settings.of(Map.of(
                    "PORTOLAN_LOCAL_BASE_URL", simulator.baseUrl(), "PORTOLAN_LOCAL_API_KEY", simulator.apiKey()));
            Injector injector = Guice.createInjector(
                    new PortolanModule(settings), binder -> binder.install(new PortolanModule(settings)));

            assertThat(named(injector, ChatPort.class, "local")
                            .complete(ChatRequest.builder("local/openai/gpt-4o-mini")
                                    .user("Hello")
                                    .build())
                            .text())
                    .isNotEmpty();
            assertThat(injector.getInstance(Settings.class)).isSameAs(settings);
            close(injector);
        }

        @Test
        void without_settings_of_its_own_the_names_of_the_environment_are_known() {
            System.setProperty("PORTOLAN_LOCAL_BASE_URL", simulator.baseUrl());
            System.setProperty("PORTOLAN_LOCAL_API_KEY", simulator.apiKey());
            try {
                Injector injector = Guice.createInjector(new PortolanModule());

                assertThat(named(injector, ChatPort.class, "local")).isNotNull();
                close(injector);
            } finally {
                System.clearProperty("PORTOLAN_LOCAL_BASE_URL");
                System.clearProperty("PORTOLAN_LOCAL_API_KEY");
            }
        }

        @Test
        void a_bound_provider_takes_the_place_of_one_that_the_settings_name() {
            Settings settings = Settings.of(Map.of("PORTOLAN_ECHO_BASE_URL", simulator.baseUrl()));
            Injector injector = Guice.createInjector(new PortolanModule(settings), provider(new EchoFactory()));

            assertThat(named(injector, ChatPort.class, "echo")
                            .complete(EchoFactory.hello())
                            .text())
                    .isEqualTo("Hello");
            close(injector);
        }

        @Test
        void a_provider_that_is_not_there_is_an_error_when_the_injector_is_created() {
            assertThatExceptionOfType(CreationException.class)
                    .isThrownBy(() -> Guice.createInjector(
                            new PortolanModule(),
                            binder -> binder.getProvider(Key.get(ChatPort.class, Names.named("no")))))
                    .withMessageContaining("@Named(\"no\")")
                    .withMessageContaining("@Named(\"openrouter\")"); // Guice lists what is there
        }

        @Test
        void a_promised_provider_that_does_not_come_is_an_error_when_its_port_is_asked_for() {
            Injector injector = Guice.createInjector(
                    new PortolanModule(), settings(), binder -> PortolanModule.ports(binder, "ollama"));

            assertThatExceptionOfType(ProvisionException.class)
                    .isThrownBy(() -> named(injector, ChatPort.class, "ollama"))
                    .withMessageContaining("There is no provider named 'ollama' (asked for by name). Found: openrouter")
                    .withCauseInstanceOf(ConfigurationException.class);
            close(injector);
        }
    }

    @Nested
    class Names_that_clash {
        @TempDir
        private Path folder;

        @Test
        void a_bound_provider_of_a_name_that_was_found_is_an_error_when_the_injector_is_created() {
            assertThatExceptionOfType(CreationException.class)
                    .isThrownBy(() -> Guice.createInjector(
                            new PortolanModule(),
                            binder -> PortolanModule.provider(binder, "openrouter")
                                    .to(EchoFactory.class)))
                    .withMessageContaining(
                            "Two providers are named 'openrouter': OpenRouterProviderFactory, and bound at ")
                    .withMessageContaining("PortolanModuleTest.java:")
                    .withMessageContaining("Remove one.");
        }

        @Test
        void two_bound_providers_of_one_name_are_an_error_when_the_injector_is_created() {
            assertThatExceptionOfType(CreationException.class)
                    .isThrownBy(() -> Guice.createInjector(
                            new PortolanModule(), provider(new EchoFactory()), provider(new EchoFactory())))
                    .withMessageContaining("@Named(\"echo\")");
        }

        @Test
        void two_instances_of_one_name_in_the_set_are_an_error_when_the_injector_is_created() {
            assertThatExceptionOfType(CreationException.class)
                    .isThrownBy(() -> Guice.createInjector(new PortolanModule(), binder -> {
                        Multibinder<ProviderFactory> factories =
                                Multibinder.newSetBinder(binder, ProviderFactory.class);
                        factories.addBinding().toInstance(new EchoFactory());
                        factories.addBinding().toInstance(new EchoFactory());
                    }))
                    .withMessageContaining("Two providers are named 'echo': bound at ");
        }

        @Test
        void two_classes_of_one_name_in_the_set_are_an_error_when_the_portolan_is_made() {
            Injector injector = Guice.createInjector(new PortolanModule(), settings(), binder -> {
                Multibinder<ProviderFactory> factories = Multibinder.newSetBinder(binder, ProviderFactory.class);
                factories.addBinding().to(EchoFactory.class);
                factories.addBinding().to(SecondEchoFactory.class);
            });

            assertThatExceptionOfType(ProvisionException.class)
                    .isThrownBy(() -> injector.getInstance(ChatPort.class))
                    .withMessageContaining("Two providers are named 'echo'. Found: ");
        }

        @Test
        void two_providers_of_one_name_on_the_class_path_are_an_error_that_lists_both() throws Exception {
            try (Services services = new Services(folder)) {
                services.register(ProviderFactory.class, FoundFactory.class, SecondFoundFactory.class);

                assertThatExceptionOfType(CreationException.class)
                        .isThrownBy(() -> Guice.createInjector(new PortolanModule()))
                        .withMessageContaining("Two providers are named 'echo': PortolanModuleTest$FoundFactory, "
                                + "and PortolanModuleTest$SecondFoundFactory. Remove one.");
            }
        }

        @Test
        void a_provider_that_cannot_be_loaded_is_an_error_that_names_it() throws Exception {
            try (Services services = new Services(folder)) {
                services.register(ProviderFactory.class, PortolanModuleTest.class);

                assertThatExceptionOfType(CreationException.class)
                        .isThrownBy(() -> Guice.createInjector(new PortolanModule()))
                        .withMessageContaining("A provider on the class path cannot be loaded: ")
                        .withMessageContaining(PortolanModuleTest.class.getName());
            }
        }

        @Test
        void a_provider_that_is_bound_under_a_name_not_its_own_is_an_error() {
            assertThatExceptionOfType(CreationException.class)
                    .isThrownBy(() -> Guice.createInjector(
                            new PortolanModule(),
                            binder -> PortolanModule.provider(binder, "local").toInstance(new EchoFactory())))
                    .withMessageContaining("as 'local' is named 'echo'. Bind it under its own name.");
        }

        @Test
        void a_name_that_no_model_id_can_have_is_an_error_that_says_what_it_may_be() {
            assertThatExceptionOfType(CreationException.class)
                    .isThrownBy(() -> Guice.createInjector(
                            new PortolanModule(), binder -> PortolanModule.ports(binder, "My Own")))
                    .withMessageContaining("No provider can be named 'My Own'; use lower-case letters")
                    .withMessageContaining("PortolanModuleTest.java:");
        }
    }

    static final class SecondEchoFactory extends EchoFactory {}

    /** Public, as {@link java.util.ServiceLoader} wants it. */
    public static final class FoundFactory extends EchoFactory {
        public FoundFactory() {}
    }

    public static final class SecondFoundFactory extends EchoFactory {
        public SecondFoundFactory() {}
    }

    /** An eager service: with {@link Stage#PRODUCTION} it is made with the injector. */
    @Singleton
    static final class Service {
        final ChatPort chat;

        @Inject
        Service(ChatPort chat, @Named("openrouter") ImagePort images) {
            this.chat = chat;
        }
    }

    @Nested
    class Overriding {
        private final ChatPort fake = new EchoFactory.EchoChat();

        @ParameterizedTest
        @EnumSource(names = {"DEVELOPMENT", "PRODUCTION"})
        void a_fake_takes_the_place_of_a_port_and_then_nothing_real_is_made(Stage stage) {
            List<String> made = new ArrayList<>();
            Module application = Modules.combine(
                    new PortolanModule(),
                    binder -> Multibinder.newSetBinder(binder, CostSinkFactory.class)
                            .addBinding()
                            .toInstance((settings, sources) -> {
                                made.add("sink");
                                return Optional.empty();
                            }));
            Injector injector = Guice.createInjector(
                    stage,
                    Modules.override(application)
                            .with(binder -> binder.bind(ChatPort.class).toInstance(fake)),
                    settings(NOTHING_SET));

            assertThat(injector.getInstance(ChatPort.class)
                            .complete(EchoFactory.hello())
                            .text())
                    .isEqualTo("Hello");
            assertThat(made).isEmpty();
        }

        @Test
        void a_portolan_takes_the_place_of_all_ports_those_with_names_among_them() {
            EchoFactory echo = new EchoFactory();
            Portolan own = Portolan.builder()
                    .provider("openrouter", echo.create(NOTHING_SET))
                    .build();
            Injector injector = Guice.createInjector(Modules.override(new PortolanModule())
                    .with(binder -> binder.bind(Portolan.class).toInstance(own)));

            assertThat(named(injector, ChatPort.class, "openrouter")
                            .complete(hello())
                            .text())
                    .isEqualTo("Hello");
            close(injector);
            assertThat(echo.closed).hasValue(0); // it is not the injector's own
            own.close();
        }

        @Test
        void the_port_of_one_provider_is_replaced_by_its_name() {
            Injector injector = Guice.createInjector(
                    Modules.override(new PortolanModule())
                            .with(binder -> binder.bind(Key.get(ChatPort.class, Names.named("openrouter")))
                                    .toInstance(fake)),
                    settings(NOTHING_SET));

            assertThat(named(injector, ChatPort.class, "openrouter")).isSameAs(fake);
        }

        @Test
        void no_key_is_needed_before_the_first_call_even_if_everything_is_made_at_once() {
            Injector injector = Guice.createInjector(
                    Stage.PRODUCTION,
                    new PortolanModule(),
                    settings(NOTHING_SET),
                    binder -> binder.bind(Service.class));

            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> injector.getInstance(Service.class).chat.complete(hello()))
                    .withMessageContaining("OPENROUTER_API_KEY");
            close(injector);
        }

        @Test
        void a_setting_that_is_wrong_is_told_with_the_services_that_are_made_at_once() {
            assertThatExceptionOfType(CreationException.class)
                    .isThrownBy(() -> Guice.createInjector(
                            Stage.PRODUCTION, new PortolanModule(), settings(NOTHING_SET), binder -> {
                                binder.bind(Service.class);
                                Multibinder.newSetBinder(binder, CostSinkFactory.class)
                                        .addBinding()
                                        .toInstance((settings, sources) -> {
                                            throw new ConfigurationException("MY_LEDGER is not a file");
                                        });
                            }))
                    .withMessageContaining("MY_LEDGER is not a file");
        }
    }
}
