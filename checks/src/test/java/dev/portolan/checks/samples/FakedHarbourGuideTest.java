package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.junit.PortolanTest;
import org.junit.jupiter.api.Test;

// sample: junit_fakes
@PortolanTest(fakes = "openrouter")
class FakedHarbourGuideTest {
    @Test
    void tells_what_the_model_said(ChatPort chat, FakeChat fake) {
        fake.next("Once upon a time …");

        assertThat(new HarbourGuide(chat).tell("Genoa")).isEqualTo("Once upon a time …");
    }
}
// end
