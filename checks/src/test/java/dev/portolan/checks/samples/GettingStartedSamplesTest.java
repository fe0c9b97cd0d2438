package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import org.junit.jupiter.api.Test;

/** The samples of docs/getting-started.md do what they say. */
class GettingStartedSamplesTest extends SamplesTest {
    @Test
    void the_first_program_prints_an_answer_and_what_it_cost() {
        Hello.main(new String[0]);

        assertThat(printed())
                .endsWith(" tokens, $" + simulator.bill().total().toPlainString() + System.lineSeparator());
    }

    @Test
    void a_stream_is_printed_as_it_comes() {
        run(GettingStartedSamples::stream);

        assertThat(printed())
                .contains("$" + simulator.bill().total().toPlainString())
                .containsIgnoringCase("Genoa");
    }

    @Test
    void a_conversation_goes_on_from_the_reply() {
        run(GettingStartedSamples::conversation);

        assertThat(simulator.requests().get(1).body())
                .contains("\"role\":\"assistant\"", "Which harbour", "And in which year?");
    }

    @Test
    void a_key_in_code_takes_the_place_of_the_one_in_the_environment() {
        try (Portolan portolan = GettingStartedSamples.inCode("sk-or-v1-vault")) {
            portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .build());
        }

        assertThat(simulator.requests().get(0).header("Authorization")).contains("Bearer sk-or-v1-vault");
    }
}
