package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.testkit.junit.PortolanTest;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import org.junit.jupiter.api.Test;

// sample: junit_simulator
@PortolanTest
class GreetingTest {
    @Test
    void greets(ChatPort chat, OpenRouterSimulator simulator) {
        String greeting = new Greeter(chat).greet("Ann");

        assertThat(greeting).isNotBlank();
        assertThat(simulator.bill().total()).isPositive();
    }
}
// end
