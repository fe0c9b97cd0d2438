package dev.portolan.checks.samples;

import static dev.portolan.testkit.assertion.PortolanAssertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.testkit.junit.PortolanTest;
import org.junit.jupiter.api.Test;

// sample: extension
@PortolanTest
class GreeterTest {
    @Test
    void greets(ChatPort chat) {
        assertThat(new Greeter(chat).greet("Ann")).isNotBlank();
    }
}
// end
