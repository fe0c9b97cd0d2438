package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The request has too many bytes. Remedy: send smaller or fewer files.
 */
public final class PayloadTooLargeException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public PayloadTooLargeException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public PayloadTooLargeException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    PayloadTooLargeException with(String message, ErrorDetails details) {
        return new PayloadTooLargeException(message, details, this);
    }
}
