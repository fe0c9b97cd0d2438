package dev.portolan.cost.budget;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a budget has been spent, or a call would have broken it. Told once for each threshold, share and period, by the
 * process whose call did it.
 *
 * @param kind what happened
 * @param state how it stands now
 * @param threshold the part of the limit that has been reached; {@code null} unless that is what happened
 */
public record BudgetAlert(
        Kind kind, BudgetState state, @Nullable BigDecimal threshold) {
    /** What happened. */
    public enum Kind {
        /** What has been spent reached a threshold. */
        THRESHOLD,
        /** A call was refused. */
        REFUSED,
        /** A call was made that breaks the budget, since it only warns. */
        EXCEEDED
    }

    /** Checks that nothing is missing. */
    public BudgetAlert {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(state, "state");
    }
}
