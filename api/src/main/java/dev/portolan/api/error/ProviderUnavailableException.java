package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The provider, or the one behind it, is down, overloaded or failed. Remedy: try again, or use another model.
 */
public final class ProviderUnavailableException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public ProviderUnavailableException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public ProviderUnavailableException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    boolean retryableByNature() {
        return true;
    }

    @Override
    ProviderUnavailableException with(String message, ErrorDetails details) {
        return new ProviderUnavailableException(message, details, this);
    }
}
