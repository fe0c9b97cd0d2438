package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.testkit.junit.PortolanTest;
import org.junit.jupiter.api.Test;

// sample: extension
@PortolanTest
class GuideTest {
    @Test
    void tells_of_a_harbour(ChatPort chat) {
        assertThat(new HarbourGuide(chat).tell("Genoa")).isNotBlank();
    }
}
// end
