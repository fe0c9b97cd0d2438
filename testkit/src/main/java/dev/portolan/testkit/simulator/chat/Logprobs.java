package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Log probabilities that look the part: made from the token, the likeliest first
 * (OpenRouter reference: chat-completions §2.2).
 */
final class Logprobs {
    private Logprobs() {}

    static JsonObject of(List<String> tokens, int top) {
        JsonArray content = new JsonArray();
        for (String token : tokens) {
            JsonArray alternatives = new JsonArray();
            for (int rank = 0; rank < top; rank++) {
                alternatives.add(entry(rank == 0 ? token : token + "~" + rank, logprob(token, rank)));
            }
            content.add(entry(token, logprob(token, 0)).put("top_logprobs", alternatives));
        }
        return new JsonObject().put("content", content).put("refusal", null);
    }

    private static JsonObject entry(String token, BigDecimal logprob) {
        JsonArray bytes = new JsonArray();
        for (byte each : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(each & 0xFF);
        }
        return new JsonObject().put("token", token).put("logprob", logprob).put("bytes", bytes);
    }

    private static BigDecimal logprob(String token, int rank) {
        int tenThousandths = 1 + Math.floorMod(token.hashCode(), 5000) + 20_000 * rank;
        return BigDecimal.valueOf(-tenThousandths, 4);
    }
}
