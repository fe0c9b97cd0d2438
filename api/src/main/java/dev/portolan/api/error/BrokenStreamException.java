package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * A stream ended before its end: without its last event, inside an event, or with the connection. What had arrived is in
 * {@link #partial()}. Remedy: use that, or ask again, knowing that both may be charged.
 */
public final class BrokenStreamException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public BrokenStreamException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public BrokenStreamException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    boolean retryableByNature() {
        return true;
    }

    @Override
    boolean mayBeChargedByNature() {
        return true;
    }

    @Override
    BrokenStreamException with(String message, ErrorDetails details) {
        return new BrokenStreamException(message, details, this);
    }
}
