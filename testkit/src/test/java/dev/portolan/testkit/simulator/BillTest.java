package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BillTest {
    @Test
    void every_generation_is_billed_at_exactly_what_its_usage_says() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Wire wire = new Wire(simulator);
            Wire.Reply first = wire.chat(ask("One"));
            AssembledStream second = wire.stream(askModel("anthropic/claude-sonnet-4.5", "Two", "\"reasoning\":{}"));

            Bill bill = simulator.bill();
            assertThat(bill.entries()).hasSize(2);
            BillEntry entry = bill.entry(first.json().string("id", "")).orElseThrow();
            assertThat(entry.model()).isEqualTo("openai/gpt-4o-mini");
            assertThat(entry.cost()).isEqualTo(first.usage().number("cost"));
            assertThat(entry.promptTokens())
                    .isEqualTo(first.usage().number("prompt_tokens").longValueExact());
            assertThat(entry.completionTokens())
                    .isEqualTo(first.usage().number("completion_tokens").longValueExact());
            assertThat(entry.cancelled()).isFalse();
            assertThat(bill.total())
                    .isEqualByComparingTo(first.usage().number("cost").add(second.usage.number("cost")));
            assertThat(bill.entry("gen-sim-none")).isEmpty();
        }
    }

    @Test
    void a_stream_that_its_client_leaves_is_counted_and_billed_for_what_was_written() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofHours(1)).start()) {
            try (InputStream body =
                    new Wire(simulator).open(ask("Why is the sky blue?")).body()) {
                Wire.readUntil(body, "data: ");
            }

            assertThat(simulator.awaitCancelledStreams(1, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(simulator.cancelledStreams()).isEqualTo(1);
            assertThat(simulator.bill().entries()).singleElement().satisfies(entry -> {
                assertThat(entry.cancelled()).isTrue();
                assertThat(entry.completionTokens()).isZero();
                assertThat(entry.promptTokens()).isPositive();
                assertThat(entry.cost())
                        .isEqualByComparingTo(
                                new BigDecimal("0.00000015").multiply(BigDecimal.valueOf(entry.promptTokens())));
            });
        }
    }

    @Test
    void a_stream_left_in_the_middle_costs_less_than_a_whole_one() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofMillis(20)).start()) {
            try (InputStream body =
                    new Wire(simulator).open(ask("Why is the sky blue?")).body()) {
                Wire.readUntil(
                        body,
                        "data: {\"id\":\"gen-sim-0000000001\",\"provider\":\"OpenAI\","
                                + "\"model\":\"openai/gpt-4o-mini\",\"object\":\"chat.completion.chunk\",");
            }

            assertThat(simulator.awaitCancelledStreams(1, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(simulator.bill().entries().get(0).completionTokens()).isBetween(0L, 40L);
        }
    }

    @Test
    void a_client_that_leaves_is_noticed_without_delays_too() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            String longText = "word ".repeat(200_000); // far more than the sockets hold
            String schema = "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":"
                    + "{\"type\":\"object\",\"properties\":{\"a\":{\"const\":\"" + longText + "\"}}}}}";
            try (InputStream body = new Wire(simulator)
                    .open(askModel("x-ai/grok-4-fast", "Hi", schema))
                    .body()) {
                Wire.readUntil(body, "data: ");
            }

            assertThat(simulator.awaitCancelledStreams(1, Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(simulator.bill().entries())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.completionTokens()).isLessThan(200_000));
        }
    }
}
