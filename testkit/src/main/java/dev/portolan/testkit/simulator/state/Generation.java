package dev.portolan.testkit.simulator.state;

import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * One run of a model for one request.
 *
 * @param apiType the word of {@code /generation}'s {@code api_type}
 * @param caller what {@code /generation} says about the one who asked
 */
public record Generation(String id, Instant createdAt, String apiType, RoutedModel routed, JsonObject caller) {
    static Generation of(String id, Instant createdAt, String apiType, RoutedModel routed, ReceivedRequest request) {
        String referer = request.header("HTTP-Referer").orElse(null);
        JsonObject caller = new JsonObject()
                .put("origin", referer == null ? "" : referer)
                .put("http_referer", referer)
                .put("user_agent", request.header("User-Agent").orElse(null))
                .put("session_id", request.header("x-session-id").orElse(null));
        return new Generation(id, createdAt, apiType, routed, caller);
    }

    /** Seconds since 1970. */
    public long created() {
        return createdAt.getEpochSecond();
    }

    public Answer named(Answer answer) {
        return answer.header("X-Generation-Id", id);
    }

    /** What came of it; the details are further fields of {@code /generation}. */
    public GenerationRecord ended(long promptTokens, long completionTokens, BigDecimal cost, JsonObject details) {
        return new GenerationRecord(this, promptTokens, completionTokens, cost, BillEntry.Outcome.DELIVERED, details);
    }
}
