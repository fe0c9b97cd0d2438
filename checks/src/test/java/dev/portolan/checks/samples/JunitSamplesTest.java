package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.testkit.junit.PortolanExtension;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The sample of docs/junit.md that is no class of its own does what it says. */
class JunitSamplesTest {
    private final List<CostEvent> calls = new ArrayList<>();

    // sample: junit_field
    @RegisterExtension
    final PortolanExtension portolan = PortolanExtension.builder()
            .setting("PORTOLAN_MAX_ATTEMPTS", "1")
            .simulator(simulator -> simulator.apiKey("sk-test"))
            .portolan(more -> more.sink(calls::add))
            .build();
    // end

    @Test
    void an_extension_in_a_field_has_its_own_key_and_sink(ChatPort chat, OpenRouterSimulator simulator) {
        new Greeter(chat).greet("Ann");

        assertThat(simulator.apiKey()).isEqualTo("sk-test");
        assertThat(calls).hasSize(1);
    }
}
