package dev.portolan.wiring.guice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.multibindings.Multibinder;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PortolanLifecycleTest {
    private final EchoFactory echo = new EchoFactory();

    private Module echo() {
        return binder -> PortolanModule.provider(binder, "echo").toInstance(echo);
    }

    private static Module settings(OpenRouterSimulator simulator) {
        return binder -> binder.bind(Settings.class)
                .toInstance(Settings.of(
                        Map.of("OPENROUTER_API_KEY", simulator.apiKey(), "OPENROUTER_API_BASE", simulator.baseUrl())));
    }

    @Test
    void closing_it_ends_streams_sockets_and_threads() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            simulator.faults().on("/chat/completions").always(Fault.stallAfterEvents(3));
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            Injector injector = Guice.createInjector(new PortolanModule(), settings(simulator));
            injector.getInstance(EmbeddingPort.class)
                    .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                            .text("one")
                            .text("two")
                            .batching(new EmbeddingRequest.Batching(1, 1000, 2))
                            .build());
            ChatStream stream =
                    injector.getInstance(ChatPort.class).stream(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .build());
            stream.next();
            assertThat(simulator.openConnections()).isPositive();
            Set<Thread> own = new HashSet<>(Thread.getAllStackTraces().keySet());
            own.removeAll(before);
            own.removeIf(thread -> !thread.getName().startsWith("portolan"));
            assertThat(own).isNotEmpty();

            try (PortolanLifecycle life = injector.getInstance(PortolanLifecycle.class)) {
                assertThat(life).isSameAs(injector.getInstance(PortolanLifecycle.class));
            }

            assertThat(simulator.awaitOpenConnections(0, Duration.ofSeconds(30)))
                    .isTrue();
            assertThatExceptionOfType(CallCancelledException.class).isThrownBy(stream::response);
            for (Thread thread : own) {
                thread.join(30_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DEVELOPMENT", "PRODUCTION"})
    void an_injector_whose_ports_nobody_wanted_makes_nothing_not_even_to_close_it(Stage stage) {
        List<String> made = new ArrayList<>();
        Injector injector = Guice.createInjector(stage, new PortolanModule(), binder -> {
            PortolanModule.provider(binder, "echo").toProvider(() -> {
                made.add("factory");
                return echo;
            });
            Multibinder.newSetBinder(binder, CostSinkFactory.class).addBinding().toInstance((settings, sources) -> {
                made.add("sink");
                return Optional.empty();
            });
        });

        injector.getInstance(PortolanLifecycle.class).close();

        assertThat(made).isEmpty();
        assertThat(echo.made).hasValue(0);
    }

    @Test
    void a_port_that_is_not_called_makes_no_provider() {
        Injector injector = Guice.createInjector(new PortolanModule(), echo());
        injector.getInstance(ChatPort.class);

        injector.getInstance(PortolanLifecycle.class).close();

        assertThat(echo.made).hasValue(0);
    }

    @Test
    void closing_twice_closes_once_and_later_calls_are_refused() {
        Injector injector = Guice.createInjector(new PortolanModule(), echo());
        ChatPort chat = injector.getInstance(ChatPort.class);
        chat.complete(EchoFactory.hello());
        PortolanLifecycle life = injector.getInstance(PortolanLifecycle.class);

        life.close();
        life.close();

        assertThat(echo.closed).hasValue(1);
        assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> chat.complete(EchoFactory.hello()));
        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> injector.getInstance(ChatPort.class).complete(EchoFactory.hello()));
    }

    @Test
    void closing_the_portolan_itself_is_as_good() {
        Injector injector = Guice.createInjector(new PortolanModule(), echo());
        injector.getInstance(ChatPort.class).complete(EchoFactory.hello());

        injector.getInstance(Portolan.class).close();
        injector.getInstance(PortolanLifecycle.class).close();

        assertThat(echo.closed).hasValue(1);
    }

    @Test
    void a_port_that_is_first_asked_for_after_the_end_is_an_error_and_makes_nothing() {
        Injector injector = Guice.createInjector(new PortolanModule(), echo());
        injector.getInstance(PortolanLifecycle.class).close();

        assertThatExceptionOfType(ProvisionException.class)
                .isThrownBy(() -> injector.getInstance(ChatPort.class))
                .withMessageContaining("This injector's PortolanLifecycle is closed");
        assertThat(echo.made).hasValue(0);
    }

    @Test
    void without_any_provider_the_error_says_how_to_get_one() {
        ClassLoader original = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader()); // knows no provider
        try {
            Injector injector = Guice.createInjector(new PortolanModule());

            assertThatExceptionOfType(ProvisionException.class)
                    .isThrownBy(() -> injector.getInstance(ChatPort.class))
                    .withMessageContaining(
                            "There is no provider. Put one, such as portolan-provider-openrouter, on the class "
                                    + "path, or bind one")
                    .withCauseInstanceOf(ConfigurationException.class);
        } finally {
            Thread.currentThread().setContextClassLoader(original);
        }
    }

    /** The port is all that the application holds: an injector is often let go once everything is made. */
    @Test
    void a_port_outlives_its_injector_and_keeps_working() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Injector injector = Guice.createInjector(new PortolanModule(), settings(simulator));
            ChatPort chat = injector.getInstance(ChatPort.class);
            chat.complete(hello());
            WeakReference<Injector> gone = new WeakReference<>(injector);
            injector = null;

            assertCollected(gone);

            assertThat(chat.complete(hello()).text()).isNotEmpty();
        }
    }

    /** A forgotten one: nothing that it made holds it, so that only idle connections are left, and end by themselves. */
    @Test
    void nothing_keeps_an_injector_alive_that_was_forgotten_after_use() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Injector injector = Guice.createInjector(new PortolanModule(), settings(simulator));
            injector.getInstance(ChatPort.class).complete(hello());
            WeakReference<Portolan> portolan = new WeakReference<>(injector.getInstance(Portolan.class));
            WeakReference<Injector> gone = new WeakReference<>(injector);
            injector = null;

            assertCollected(gone);
            assertCollected(portolan);
        }
    }

    private static ChatRequest hello() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .build();
    }

    private static void assertCollected(WeakReference<?> gone) {
        for (int i = 0; i < 100 && gone.get() != null; i++) {
            System.gc();
        }
        assertThat(gone.get()).isNull();
    }
}
