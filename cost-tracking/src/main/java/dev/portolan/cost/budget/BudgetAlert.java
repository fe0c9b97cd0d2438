package dev.portolan.cost.budget;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a budget has been spent, or a call would have broken it. Each is told once at most for each share and period,
 * thresholds one by one, and by one of all processes: the one whose call did it. A budget that is set anew tells anew.
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
        /** A call was refused: the first of the period. */
        REFUSED,
        /** A call was let through that may break the budget, since it only warns: the first of the period. */
        EXCEEDED
    }

    /** Checks that nothing is missing. */
    public BudgetAlert {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(state, "state");
    }
}
