package dev.portolan.checks.samples;

import static dev.portolan.testkit.assertion.PortolanAssertions.assertThat;
import static dev.portolan.testkit.assertion.PortolanAssertions.assertThatThrownBy;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.testkit.simulator.Fault;
import org.junit.jupiter.api.Test;

/** The samples of docs/decorators.md do what they say. */
class DecoratorSamplesTest extends SamplesTest {
    private static final ChatRequest HELLO = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
            .user("Hello")
            .tag("team", "search")
            .build();

    @Test
    void every_call_is_logged_however_it_ends() {
        simulator.faults().on(request -> request.body().contains("Fail")).always(Fault.status(402));
        try (Portolan portolan = DecoratorSamples.wired()) {
            portolan.chat().complete(HELLO);
            assertThatThrownBy(() -> portolan.chat()
                            .complete(HELLO.toBuilder().user("Fail").build()))
                    .hasMessageContaining("402");
            try (ChatStream stream = portolan.chat().stream(HELLO)) {
                stream.next();
            }
        }

        assertThat(printed().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("openrouter/openai/gpt-4o-mini: \\d+ tokens, \\$0\\.0\\d+"),
                        line -> assertThat(line).contains("InsufficientCreditsException"),
                        line -> assertThat(line).endsWith(": left"));
    }

    @Test
    void a_decorator_changes_requests() {
        try (Portolan portolan = DecoratorSamples.wired()) {
            portolan.chat().complete(HELLO);
        }

        assertThat(simulator.requests().get(0).body()).contains("\"max_tokens\":500");
    }

    @Test
    void guards_refuse_before_anything_is_sent() {
        try (Portolan portolan = Portolan.builder()
                .discover()
                .guard(DecoratorSamples.TAGGED)
                .guard(new Ceiling("0.00000001"))
                .build()) {
            ChatRequest untagged = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                    .user("Hello")
                    .build();
            assertThatThrownBy(() -> portolan.chat().complete(untagged)).isInstanceOf(BudgetExceededException.class);
            assertThat(simulator.requests()).isEmpty();

            portolan.chat().complete(HELLO);
            assertThatThrownBy(() -> portolan.chat().complete(HELLO))
                    .isInstanceOf(BudgetExceededException.class)
                    .hasMessageContaining("has spent");
            assertThat(simulator.requests()).hasSize(1);
        }
    }
}
