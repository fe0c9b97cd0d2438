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
    private static final int LONGEST_NAME = 60;

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

    /** What happened, in one line for people, such as a log has it. */
    public String message() {
        Budget budget = state.budget();
        String name = "budget '" + shown(budget.name()) + "'"
                + (state.share().isEmpty() ? "" : " of " + shown(state.share()));
        String spent = "$" + state.spent().toPlainString() + " spent"
                + (state.reserved().signum() == 0
                        ? ""
                        : " and $" + state.reserved().toPlainString() + " put by")
                + " of $" + budget.limit().toPlainString()
                + (state.renews() == null ? "" : ", until " + state.renews());
        return switch (kind) {
            case THRESHOLD ->
                "The " + name + " has reached "
                        + Objects.requireNonNull(threshold)
                                .movePointRight(2)
                                .stripTrailingZeros()
                                .toPlainString() + "%: " + spent;
            case REFUSED -> "The " + name + " refused a call: " + spent;
            case EXCEEDED -> "A call may exceed the " + name + ", which only warns: " + spent;
        };
    }

    /** Values of tags are of any length, and may hold line ends. */
    private static String shown(String name) {
        String text = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
