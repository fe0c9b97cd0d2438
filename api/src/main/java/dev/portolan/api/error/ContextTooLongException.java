package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The conversation, or the answer asked for, is longer than the model can hold. Remedy: shorten it, or choose a model with
 * a longer context.
 */
public final class ContextTooLongException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public ContextTooLongException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public ContextTooLongException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    ContextTooLongException with(String message, ErrorDetails details) {
        return new ContextTooLongException(message, details, this);
    }
}
