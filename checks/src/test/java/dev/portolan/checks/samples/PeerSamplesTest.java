package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples of docs/from-langchain4j-and-spring-ai.md do what they say. */
class PeerSamplesTest extends SamplesTest {
    @Test
    void a_call_tells_its_tokens_and_cost() {
        PeerSamples.client();

        assertThat(printed()).containsPattern("\\d+ tokens, \\$0.0000\\d+");
    }

    @Test
    void a_stream_is_read_on_the_callers_thread() {
        run(portolan -> PeerSamples.stream(portolan, PeerSamples.options()));

        assertThat(printed()).isNotBlank();
        assertThat(simulator.requests().get(0).body()).contains("\"models\":[\"anthropic/claude-haiku-4.5\"]");
    }

    @Test
    void texts_are_embedded() {
        run(portolan -> PeerSamples.embed(portolan, List.of("a calm sea", "a storm")));

        assertThat(printed()).startsWith("2 $0.0000");
    }

    @Test
    void a_sink_takes_the_place_of_a_listener() {
        try (Portolan portolan = PeerSamples.listener()) {
            portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .build());
        }

        assertThat(printed()).startsWith("COMPLETED $0.0000");
    }

    @Test
    void a_service_stands_on_the_port() {
        run(portolan -> System.out.println(
                new PeerSamples.Harbourmaster(portolan.chat(), ModelId.parse("openrouter/openai/gpt-4o-mini"))
                        .answer("May we moor here?")));

        assertThat(printed()).isNotBlank();
    }
}
