package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The call would break a budget of the caller's own; nothing was sent. Remedy: wait for the budget to renew, or raise it.
 */
public final class BudgetExceededException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public BudgetExceededException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public BudgetExceededException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    BudgetExceededException with(String message, ErrorDetails details) {
        return new BudgetExceededException(message, details, this);
    }
}
