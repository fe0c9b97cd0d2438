package dev.portolan.checks.samples;

import static dev.portolan.testkit.assertion.PortolanAssertions.assertThat;

import dev.portolan.testkit.fake.FakeChat;
import org.junit.jupiter.api.Test;

class FakedGreeterTest {
    // sample: fake
    @Test
    void greets() {
        FakeChat chat = FakeChat.answering("Hello, Ann.");
        assertThat(new Greeter(chat).greet("Ann")).isEqualTo("Hello, Ann.");
    }
    // end
}
