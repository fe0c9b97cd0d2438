package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.resilience.CacheHit;
import dev.portolan.testkit.simulator.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The samples of docs/failures.md do what they say. */
class FailureSamplesTest extends SamplesTest {
    @Test
    void a_failure_is_decided_upon_by_its_class() {
        simulator.faults().always(Fault.rateLimited(Duration.ofHours(2)));

        run(portolan -> FailureSamples.deciding(portolan, hello()));

        assertThat(printed()).isEqualToIgnoringNewLines("Later: PT2H");
    }

    @Test
    void a_reply_shows_the_attempts_it_took() {
        simulator.faults().next(2, Fault.rateLimited(Duration.ZERO));

        run(FailureSamples::retries);

        assertThat(printed()).contains("after PT0S: answered").hasLineCount(3);
    }

    @Test
    void a_broken_stream_has_what_had_arrived() {
        simulator.faults().next(Fault.cutAfterEvents(4));

        run(portolan -> FailureSamples.broken(portolan, hello()));

        assertThat(printed()).containsPattern("Broke after [1-9]\\d* characters; cost: unknown");
    }

    @Test
    void the_simulator_fails_as_it_is_told() {
        run(portolan -> FailureSamples.faults(portolan, simulator, hello()));

        assertThat(printed()).isEqualToIgnoringNewLines("2");
    }

    @Test
    void a_future_brings_the_answer_and_a_publisher_its_events() {
        run(portolan -> FailureSamples.cancelling(portolan, hello(), Runnable::run));

        assertThat(printed()).isEqualToIgnoringNewLines("false true");
    }

    @Test
    void another_model_answers_when_the_first_cannot() {
        simulator
                .faults()
                .on(request -> request.model().orElse("").equals("openai/gpt-4o"))
                .always(Fault.status(402));

        try (Portolan portolan = FailureSamples.fallback()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o")
                            .user("Hello")
                            .build());

            assertThat(reply.attempts())
                    .extracting(attempt -> attempt.model().name())
                    .containsExactly("openai/gpt-4o", "anthropic/claude-sonnet-4.5");
            assertThat(reply.totalCost()).isEqualTo(reply.cost());
        }
    }

    @Test
    void what_was_embedded_before_comes_from_memory() {
        EmbeddingRequest request = EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                .text("Genoa")
                .build();

        try (Portolan portolan = FailureSamples.cache()) {
            EmbeddingResponse asked = portolan.embeddings().embed(request);
            EmbeddingResponse remembered = portolan.embeddings().embed(request);

            assertThat(remembered.embeddings()).isEqualTo(asked.embeddings());
            assertThat(remembered.metadata(CacheHit.class)).isPresent();
            assertThat(simulator.requests()).hasSize(1);
        }
    }

    private static ChatRequest hello() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .build();
    }
}
