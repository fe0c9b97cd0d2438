package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.testkit.junit.PortolanTest;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import org.junit.jupiter.api.Test;

// sample: junit_simulator
@PortolanTest
class HarbourGuideTest {
    @Test
    void tells_of_a_harbour(ChatPort chat, OpenRouterSimulator simulator) {
        String story = new HarbourGuide(chat).tell("Genoa");

        assertThat(story).isNotBlank();
        assertThat(simulator.bill().total()).isPositive();
    }
}
// end
