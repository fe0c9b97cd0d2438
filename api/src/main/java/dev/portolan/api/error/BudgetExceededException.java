package dev.portolan.api.error;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The call would break a budget of the caller's own, or it cannot be told whether it would; nothing was sent. Remedy: wait for
 * the budget to renew ({@link #retryAfter()}), ask for less, or raise it.
 */
public final class BudgetExceededException extends PortolanException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Shortage shortage;

    /**
     * Which budget has too little left.
     *
     * @param budget its name
     * @param share whose part of it, such as a user, if each has a budget of their own; else empty
     * @param limit the most that may be spent in a period, in US dollars
     * @param left what of it is neither spent nor put by for other calls, in US dollars; negative if more was spent
     * @param asked what the call may cost at most, in US dollars; 0 if that is not known
     * @param renews when the next period begins; {@code null} for never
     */
    public record Shortage(
            String budget,
            String share,
            BigDecimal limit,
            BigDecimal left,
            BigDecimal asked,
            @Nullable Instant renews) implements Serializable {
        /** Checks that nothing is missing. */
        public Shortage {
            Objects.requireNonNull(budget, "budget");
            Objects.requireNonNull(share, "share");
            Objects.requireNonNull(limit, "limit");
            Objects.requireNonNull(left, "left");
            Objects.requireNonNull(asked, "asked");
        }
    }

    /** With the budget that has too little left. */
    public BudgetExceededException(String message, Shortage shortage, ErrorDetails details) {
        this(message, shortage, details, null);
    }

    /** With what is known, and what it came from. */
    public BudgetExceededException(String message, ErrorDetails details, @Nullable Throwable cause) {
        this(message, null, details, cause);
    }

    /** With what is known. */
    public BudgetExceededException(String message, ErrorDetails details) {
        this(message, null, details, null);
    }

    private BudgetExceededException(
            String message, @Nullable Shortage shortage, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
        this.shortage = shortage;
    }

    /** Which budget has too little left, and when it renews; empty if a guard of another kind refused the call. */
    public Optional<Shortage> shortage() {
        return Optional.ofNullable(shortage);
    }

    @Override
    BudgetExceededException with(String message, ErrorDetails details) {
        return new BudgetExceededException(message, shortage, details, this);
    }
}
