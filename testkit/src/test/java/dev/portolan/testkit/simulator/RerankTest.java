package dev.portolan.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RerankTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    private Wire.Reply rerank(String query, String documents, String... moreFields) throws Exception {
        String more = moreFields.length == 0 ? "" : "," + String.join(",", moreFields);
        return wire.post(
                "/rerank",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":\"" + query + "\",\"documents\":" + documents + more
                        + "}");
    }

    @Test
    void documents_come_back_sorted_with_the_place_they_had() throws Exception {
        Wire.Reply reply = rerank(
                "What is the capital of France?",
                "[\"Bananas grow in the tropics.\",\"Paris is the capital of France.\","
                        + "{\"text\":\"France borders Spain.\"}]");

        assertThat(reply.status()).isEqualTo(200);
        JsonObject json = reply.json();
        assertThat(json.string("id")).isEqualTo(reply.header("X-Generation-Id"));
        assertThat(json.string("model")).isEqualTo("cohere/rerank-v3.5");
        assertThat(json.string("provider")).isEqualTo("Cohere");
        List<JsonObject> results = json.array("results").objects();
        assertThat(results).extracting(result -> result.integer("index", -1)).containsExactly(1, 2, 0);
        assertThat(Objects.requireNonNull(results.get(0).object("document")).string("text"))
                .isEqualTo("Paris is the capital of France.");
        assertThat(results)
                .extracting(result -> result.number("relevance_score"))
                .isSortedAccordingTo(Comparator.reverseOrder())
                .allSatisfy(score -> assertThat(score).isBetween(BigDecimal.ZERO, BigDecimal.ONE));
        assertThat(results.get(0).number("relevance_score")).isGreaterThan(new BigDecimal("0.8"));
        assertThat(results.get(2).number("relevance_score")).isLessThan(new BigDecimal("0.2"));
        assertThat(reply.usage().number("search_units")).isEqualByComparingTo("1");
        assertThat(reply.usage().number("cost")).isEqualByComparingTo("0.002");
        assertThat(simulator.bill().total()).isEqualByComparingTo("0.002");
    }

    @Test
    void the_best_are_enough_where_top_n_says_so_and_each_hundred_documents_are_a_search_unit() throws Exception {
        String documents = "[" + String.join(",", Collections.nCopies(101, "\"A text\"")) + "]";
        Wire.Reply reply = rerank("text", documents, "\"top_n\":3");

        assertThat(reply.json().array("results").objects())
                .extracting(result -> result.integer("index", -1))
                .containsExactly(0, 1, 2);
        assertThat(reply.usage().number("search_units")).isEqualByComparingTo("2");
        assertThat(simulator.bill().total()).isEqualByComparingTo("0.004");
        assertThat(rerank("text", documents, "\"top_n\":3000000000")
                        .json()
                        .array("results")
                        .size())
                .isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":\"q\"}",
                "{\"model\":\"cohere/rerank-v3.5\",\"documents\":[\"a\"]}",
                "{\"query\":\"q\",\"documents\":[\"a\"]}",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":5,\"documents\":[\"a\"]}",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":\"q\",\"documents\":[]}",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":\"q\",\"documents\":\"a\"}",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":\"q\",\"documents\":[1]}",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":\"q\",\"documents\":[{}]}",
                "{\"model\":\"cohere/rerank-v3.5\",\"query\":\"q\",\"documents\":[\"a\"],\"top_n\":0}",
                "{\"model\":\"openai/gpt-4o-mini\",\"query\":\"q\",\"documents\":[\"a\"]}"
            })
    void invalid_requests_are_refused(String body) throws Exception {
        assertThat(wire.post("/rerank", body).status()).isEqualTo(400);
        assertThat(simulator.bill().entries()).isEmpty();
    }

    @Test
    void images_need_a_model_that_reads_them() throws Exception {
        assertThat(rerank("q", "[{\"image\":\"https://example.com/1.png\"}]").status())
                .isEqualTo(404);
    }
}
