package dev.portolan.testkit.simulator;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What one generation cost. Immutable.
 *
 * @param generationId the id of the generation
 * @param model the model that answered, after routing
 * @param promptTokens tokens read, cached ones included
 * @param completionTokens tokens written, reasoning, images and sound included; for a cancelled stream those produced until
 *     the client went away (streaming.md §7)
 * @param cost US dollars, exact; the same number as the answer's {@code usage.cost}
 * @param cancelled whether the client went away before the end of the stream, so that it never saw a usage
 */
public record BillEntry(
        String generationId,
        String model,
        long promptTokens,
        long completionTokens,
        BigDecimal cost,
        boolean cancelled) {
    /** Checks that nothing is null. */
    public BillEntry {
        Objects.requireNonNull(generationId, "generationId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(cost, "cost");
    }
}
