package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.junit.PortolanTest;
import org.junit.jupiter.api.Test;

// sample: junit_fakes
@PortolanTest(fakes = "openrouter")
class FakedGreetingTest {
    @Test
    void greets_as_the_model_said(ChatPort chat, FakeChat fake) {
        fake.next("Hello, Ann.");

        assertThat(new Greeter(chat).greet("Ann")).isEqualTo("Hello, Ann.");
    }
}
// end
