package dev.portolan.cost.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with one share of a budget.
 *
 * @param budget which
 * @param share the value of the tag with {@link Scope#eachTag}, else empty
 * @param since when its period began
 * @param renews when the next one begins; {@code null} for never
 * @param spent what calls of the period did cost, exactly, in US dollars
 * @param reserved what is put by for calls under way, and for calls of which the cost is not known yet
 */
public record BudgetState(
        Budget budget,
        String share,
        Instant since,
        @Nullable Instant renews,
        BigDecimal spent,
        BigDecimal reserved) {
    /** Checks that nothing is missing, and drops zeros at the end of the amounts: equal sums are equal states. */
    public BudgetState {
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(share, "share");
        Objects.requireNonNull(since, "since");
        spent = spent.stripTrailingZeros();
        reserved = reserved.stripTrailingZeros();
    }

    /** What is left, in US dollars; negative if more was spent than the limit. */
    public BigDecimal left() {
        return budget.limit().subtract(spent).subtract(reserved);
    }
}
