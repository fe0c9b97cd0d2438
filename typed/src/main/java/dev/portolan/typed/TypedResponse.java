package dev.portolan.typed;

import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.UnusableReplyException;
import java.util.List;
import java.util.Objects;

/**
 * A value that a model gave, and the reply that it was read from.
 *
 * @param value the value
 * @param response the whole reply
 * @param repaired how an earlier reply did not fit, with that reply in {@link UnusableReplyException#partial()}; empty if the first
 *     one did
 * @param <T> the type of the value
 */
public record TypedResponse<T>(T value, ChatResponse response, List<UnusableReplyException> repaired) {
    /** Copies the list. */
    public TypedResponse {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(response, "response");
        repaired = List.copyOf(repaired);
    }

    /** What all replies cost together, failed attempts included; unknown if any of them is. */
    public Cost totalCost() {
        Cost total = response.totalCost();
        for (UnusableReplyException earlier : repaired) {
            total = total.plus(earlier.totalCost());
        }
        return total;
    }

    /** The tokens of all replies together. */
    public Usage totalUsage() {
        Usage total = response.usage();
        for (UnusableReplyException earlier : repaired) {
            total = total.plus(earlier.partial().map(ChatResponse::usage).orElse(Usage.NOT_REPORTED));
        }
        return total;
    }
}
