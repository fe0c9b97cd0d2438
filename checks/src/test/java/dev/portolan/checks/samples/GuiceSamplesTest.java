package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.portolan.api.Settings;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.wiring.guice.PortolanLifecycle;
import dev.portolan.wiring.guice.PortolanModule;
import org.junit.jupiter.api.Test;

/** The samples of docs/guice.md do what they say. */
class GuiceSamplesTest extends SamplesTest {
    @Test
    void a_service_gets_its_port_and_all_is_closed_at_the_end() throws Exception {
        GuiceSamples.installed();

        assertThat(printed()).isNotBlank();
        assertThat(simulator.requests()).hasSize(1);
        assertThat(simulator.awaitOpenConnections(0, java.time.Duration.ofSeconds(10)))
                .isTrue();
    }

    @Test
    void what_the_application_binds_belongs_to_the_ports() {
        simulator
                .faults()
                .on(request -> request.model().orElse("").equals("openai/gpt-4o-mini"))
                .always(Fault.status(402));
        Injector injector = Guice.createInjector(new PortolanModule(), GuiceSamples.bound());

        try (PortolanLifecycle life = injector.getInstance(PortolanLifecycle.class)) {
            assertThat(injector.getInstance(GuiceSamples.Greeter.class).greet("Ada"))
                    .isNotBlank();
            assertThat(injector.getInstance(GuiceSamples.EchoGreeter.class).greet("Ada"))
                    .isEqualTo("Hello Ada");
            assertThat(injector.getInstance(Settings.class).get("PORTOLAN_MAX_ATTEMPTS"))
                    .contains("5");
        }
        assertThat(printed())
                .contains(
                        "openrouter/openai/gpt-4o-mini: $0",
                        "openrouter/anthropic/claude-sonnet-4.5: $0.",
                        "echo/any: ");
    }

    @Test
    void a_fake_answers_in_the_place_of_a_port_or_of_a_provider() {
        GuiceSamples.overridden();
        GuiceSamples.replaced();

        assertThat(printed()).isEqualToIgnoringNewLines("Hello, Ada.Hello, Ada.");
        assertThat(simulator.requests()).isEmpty();
    }
}
