package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.testkit.simulator.Fault;
import org.junit.jupiter.api.Test;

/** The samples of docs/from-litellm.md do what they say. */
class LitellmSamplesTest extends SamplesTest {
    @Test
    void completion() {
        LitellmSamples.completion();

        assertThat(printed()).endsWith(" stop" + System.lineSeparator());
        assertThat(simulator.requests().get(0).body())
                .contains("\"model\":\"anthropic/claude-sonnet-4.5\"", "\"temperature\":0.2", "\"max_tokens\":200");
    }

    @Test
    void a_stream_that_is_put_together_has_its_cost() {
        run(portolan -> LitellmSamples.streaming(portolan, hello()));

        assertThat(printed()).endsWith("\n$" + simulator.bill().total().toPlainString() + System.lineSeparator());
    }

    @Test
    void tools() {
        run(LitellmSamples::tools);

        assertThat(simulator.requests().get(1).body()).contains("\"role\":\"tool\"");
        assertThat(printed()).contains("21");
    }

    @Test
    void an_answer_in_a_schema() {
        run(LitellmSamples::responseFormat);

        assertThat(printed()).startsWith("{\"name\":");
        assertThat(simulator.requests().get(0).body()).contains("\"strict\":true");
    }

    @Test
    void what_litellm_passes_through_is_typed_or_extra() {
        run(LitellmSamples::extraBody);

        assertThat(simulator.requests().get(0).body())
                .contains(
                        "\"top_k\":40",
                        "\"models\":[\"anthropic/claude-haiku-4.5\"]",
                        "\"provider\":{\"sort\":\"throughput\"}",
                        "\"brand_new_option\":true");
        assertThat(simulator.requests().get(0).header("X-Trial")).contains("yes");
    }

    @Test
    void embedding() {
        run(LitellmSamples::embedding);

        assertThat(printed()).startsWith("256 $0.0000");
    }

    @Test
    void the_size_becomes_an_aspect_ratio_as_it_does_in_litellm() {
        run(LitellmSamples::image);

        assertThat(simulator.requests().get(0).body())
                .contains("\"image_config\":{\"aspect_ratio\":\"16:9\",\"image_size\":\"2K\"}");
        assertThat(printed()).startsWith("true");
    }

    @Test
    void retries_come_before_fallbacks() {
        simulator
                .faults()
                .on(request -> request.model().orElse("").equals("openai/gpt-4o-mini"))
                .always(Fault.status(402));

        LitellmSamples.reliability();

        assertThat(printed()).startsWith("2 attempts, $0.0");
    }

    @Test
    void each_user_has_a_budget() {
        LitellmSamples.budget();

        assertThat(printed()).startsWith("$0.0000");
    }

    @Test
    void sinks_are_told_of_successes_and_failures() {
        simulator.faults().next(Fault.status(402));

        try (Portolan portolan = LitellmSamples.callbacks()) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> portolan.chat().complete(hello())))
                    .isNotNull();
            portolan.chat().complete(hello().toBuilder().tag("team", "search").build());
        }

        assertThat(printed())
                .contains("failed: InsufficientCreditsException")
                .containsPattern("COMPLETED openrouter/openai/gpt-4o-mini \\d+ tokens, \\$0.0\\d+ for search");
    }

    @Test
    void prices_are_asked_for_before_a_call_and_told_after_it() {
        run(portolan -> LitellmSamples.prices(portolan, portolan.chat().complete(hello())));

        assertThat(printed())
                .isEqualToIgnoringNewLines(
                        "$" + simulator.bill().total().toPlainString() + " ~$0.00027 of at most 128000 tokens");
    }

    @Test
    void an_answer_is_made_up() {
        LitellmSamples.mock();
        LitellmSamples.mockOverHttp();

        assertThat(printed()).isEqualToIgnoringNewLines("It is raining.It is raining.");
    }

    @Test
    void a_call_may_have_a_key_of_its_own() {
        run(portolan -> portolan.chat()
                .complete(hello().toBuilder()
                        .header("Authorization", "Bearer sk-or-v1-theirs")
                        .build()));

        assertThat(simulator.requests().get(0).header("Authorization")).contains("Bearer sk-or-v1-theirs");
    }

    @Test
    void exceptions() {
        simulator.faults().next(Fault.status(402));

        run(portolan -> LitellmSamples.exceptions(portolan, hello()));

        assertThat(printed()).isEqualToIgnoringNewLines("top up");
    }

    private static ChatRequest hello() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .build();
    }
}
