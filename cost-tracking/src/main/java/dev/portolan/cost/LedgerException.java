package dev.portolan.cost;

import org.jspecify.annotations.Nullable;

/** The ledger cannot be reached, or did not take a record. The message says which ledger, why, and what can be done. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofTheRecord;

    /** With what it came from. */
    public LedgerException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    LedgerException(String message, @Nullable Throwable cause, boolean ofTheRecord) {
        super(message, cause);
        this.ofTheRecord = ofTheRecord;
    }

    /**
     * Whether the ledger can be reached, and refused what it was to write: it would do so again, and may take other records.
     * A ledger that is down, locked or full refuses all records, and this is false.
     */
    public boolean isOfTheRecord() {
        return ofTheRecord;
    }
}
