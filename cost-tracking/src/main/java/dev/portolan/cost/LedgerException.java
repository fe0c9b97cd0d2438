package dev.portolan.cost;

import org.jspecify.annotations.Nullable;

/** The ledger cannot be reached, or did not take a record. The message says which ledger, why, and what can be done. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what it came from. */
    public LedgerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
