package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * There is no such model, or no endpoint is left that may serve it. Remedy: choose another model, or loosen the filters;
 * the provider may suggest {@linkplain ErrorDetails#fallbackModels() other models}.
 */
public final class NotFoundException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public NotFoundException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public NotFoundException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    NotFoundException with(String message, ErrorDetails details) {
        return new NotFoundException(message, details, this);
    }
}
