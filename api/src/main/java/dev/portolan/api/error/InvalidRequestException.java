package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The provider does not accept the request. Remedy: correct what the message names.
 */
public final class InvalidRequestException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public InvalidRequestException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public InvalidRequestException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    InvalidRequestException with(String message, ErrorDetails details) {
        return new InvalidRequestException(message, details, this);
    }
}
