package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Tool;
import org.junit.jupiter.api.Test;

/** The samples of docs/testing.md do what they say: each asserts it itself. */
class TestingSamplesTest extends SamplesTest {
    private static final ChatRequest HELLO =
            ChatRequest.builder("openrouter/openai/gpt-4o-mini").user("Hello").build();

    @Test
    void a_service_is_tested_with_a_fake() {
        TestingSamples.asked();
        TestingSamples.scripted();
        TestingSamples.calls(HELLO);
    }

    @Test
    void a_fake_streams_breaks_and_fails() {
        TestingSamples.streams(HELLO);
        TestingSamples.failures(HELLO);

        assertThat(printed()).hasLineCount(4).contains("TextDelta[choice=0, text=is ]");
    }

    @Test
    void time_passes_without_waiting() {
        TestingSamples.time(HELLO);
        TestingSamples.hanging(HELLO);
    }

    @Test
    void the_other_ports_have_fakes_too() {
        TestingSamples.others();
    }

    @Test
    void fakes_stand_behind_a_portolan() {
        TestingSamples.whole();
    }

    @Test
    void what_was_asked_is_asserted_about() {
        TestingSamples.asserting(
                ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .system("Be kind.")
                        .user("Greet Ann.")
                        .tool(Tool.function("get_weather", "The weather", RawJson.parse("{}")))
                        .tag("team", "search")
                        .build(),
                ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Greet Bob.")
                        .build());
    }
}
