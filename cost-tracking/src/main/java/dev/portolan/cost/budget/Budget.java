package dev.portolan.cost.budget;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * How much may be spent in a period. A call that would break it is refused before anything is sent, unless the budget only
 * warns.
 *
 * @param name by which it is known, shown and replaced: 1 to 100 characters, not blank
 * @param limit the most that may be spent, in US dollars; 0 or more, with at most 100 digits
 * @param period after which time it renews
 * @param scope for which calls it is
 * @param mode what happens to a call that would break it
 * @param thresholds of which parts of the limit listeners are told once they are spent, greater than 0, ascending; such as 0.8
 */
public record Budget(
        String name, BigDecimal limit, Period period, Scope scope, Mode mode, List<BigDecimal> thresholds) {
    /** The parts that are told unless said otherwise: a half, four fifths, all. */
    public static final List<BigDecimal> DEFAULT_THRESHOLDS =
            List.of(new BigDecimal("0.5"), new BigDecimal("0.8"), BigDecimal.ONE);

    private static final int LONGEST_NAME = 100;
    private static final int MOST_DIGITS = 100;

    /** What happens to a call that would break a budget. */
    public enum Mode {
        /** It is refused. */
        REFUSE,
        /** It is made; listeners are told. */
        WARN
    }

    /** Checks the values, and sorts the thresholds. */
    public Budget {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("The name of a budget is '" + name + "'; expected 1 to " + LONGEST_NAME
                    + " characters, not all blank");
        }
        requireDigits(name, "limit", limit);
        if (limit.signum() < 0) {
            throw new IllegalArgumentException("The limit of the budget '" + name + "' is " + limit.toPlainString()
                    + "; expected 0 or more dollars");
        }
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(mode, "mode");
        for (BigDecimal threshold : thresholds) {
            if (threshold.signum() <= 0) {
                throw new IllegalArgumentException("A threshold of the budget '" + name + "' is " + threshold
                        + "; expected a part of the limit greater than 0, such as 0.8");
            }
            requireDigits(name, "threshold", threshold);
        }
        thresholds = List.copyOf(new TreeSet<>(thresholds));
    }

    private static void requireDigits(String name, String what, BigDecimal number) {
        if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw new IllegalArgumentException("The " + what + " of the budget '" + name + "' has " + number.precision()
                    + " digits and the scale " + number.scale() + "; expected at most " + MOST_DIGITS + " of both");
        }
    }

    /**
     * For every call, refusing what would break it.
     *
     * @param dollars the limit, such as {@code "10.00"}
     */
    public static Budget of(String name, String dollars, Period period) {
        return new Budget(name, new BigDecimal(dollars), period, Scope.ALL, Mode.REFUSE, DEFAULT_THRESHOLDS);
    }

    /** The same for other calls. */
    public Budget withScope(Scope newScope) {
        return new Budget(name, limit, period, newScope, mode, thresholds);
    }

    /** The same that warns only, or refuses. */
    public Budget withMode(Mode newMode) {
        return new Budget(name, limit, period, scope, newMode, thresholds);
    }

    /** The same with other parts of the limit to be told of. */
    public Budget withThresholds(BigDecimal... parts) {
        return new Budget(name, limit, period, scope, mode, List.of(parts));
    }
}
