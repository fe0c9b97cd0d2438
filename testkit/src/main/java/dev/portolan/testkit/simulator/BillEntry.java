package dev.portolan.testkit.simulator;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What one generation cost. Immutable.
 *
 * @param generationId the id of the generation
 * @param model the model that answered, after routing
 * @param promptTokens tokens read, cached ones included
 * @param completionTokens tokens written, reasoning, images and sound included; for a stream that was left or cut those
 *     produced until then (OpenRouter reference: streaming §7)
 * @param cost US dollars, exact; the same number as the answer's {@code usage.cost}
 * @param outcome how far the answer got to its client
 */
public record BillEntry(
        String generationId, String model, long promptTokens, long completionTokens, BigDecimal cost, Outcome outcome) {
    /** How far an answer got to its client. */
    public enum Outcome {
        /** All of it was sent, or so much that the usage was in it. */
        DELIVERED,
        /** The client went away before the end. */
        CANCELLED,
        /** A {@link Fault} of the line ended it before its end: the client was there and lost it. */
        CUT
    }

    /** Checks that nothing is null. */
    public BillEntry {
        Objects.requireNonNull(generationId, "generationId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(cost, "cost");
        Objects.requireNonNull(outcome, "outcome");
    }

    /**
     * Whether the client went away before the end of the answer, so that it never saw a usage.
     *
     * @return whether the outcome is {@link Outcome#CANCELLED}
     */
    public boolean cancelled() {
        return outcome == Outcome.CANCELLED;
    }
}
