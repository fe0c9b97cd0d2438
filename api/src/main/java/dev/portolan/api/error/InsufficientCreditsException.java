package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The account or the key has no credit left. Remedy: top up, or raise the key's limit.
 */
public final class InsufficientCreditsException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public InsufficientCreditsException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public InsufficientCreditsException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    InsufficientCreditsException with(String message, ErrorDetails details) {
        return new InsufficientCreditsException(message, details, this);
    }
}
