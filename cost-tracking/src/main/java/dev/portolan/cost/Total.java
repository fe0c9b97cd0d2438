package dev.portolan.cost;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost together.
 *
 * @param key what they have in common; {@code null} if they have no such thing, such as a tag
 * @param currency ISO 4217 code; calls in several currencies have a total each
 * @param calls how many
 * @param unknownCalls how many of these have a cost that is not known; it is in no way part of the amount
 * @param estimatedCalls how many have a cost that is estimated; it is part of the amount
 * @param amount the exact sum of the costs that are known
 * @param promptTokens tokens going in
 * @param completionTokens tokens coming out
 * @param totalTokens both together, as reported; like the other two {@link Long#MAX_VALUE} if they are more
 */
public record Total(
        @Nullable String key,
        String currency,
        long calls,
        long unknownCalls,
        long estimatedCalls,
        BigDecimal amount,
        long promptTokens,
        long completionTokens,
        long totalTokens) {
    /** Checks the counts, and drops zeros at the end of the amount: equal sums are equal totals. */
    public Total {
        Objects.requireNonNull(currency, "currency");
        if (calls < unknownCalls + estimatedCalls || unknownCalls < 0 || estimatedCalls < 0) {
            throw new IllegalArgumentException("Of " + calls + " calls " + unknownCalls + " cannot be unknown and "
                    + estimatedCalls + " estimated");
        }
        amount = amount.stripTrailingZeros();
    }

    /** Whether the amount is all there is: no call of unknown cost is among them. */
    public boolean isComplete() {
        return unknownCalls == 0;
    }
}
