package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * Too many requests, or all providers are busy. Remedy: wait for {@link #retryAfter()}, then try again.
 */
public final class RateLimitedException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public RateLimitedException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public RateLimitedException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    boolean retryableByNature() {
        return true;
    }

    @Override
    RateLimitedException with(String message, ErrorDetails details) {
        return new RateLimitedException(message, details, this);
    }
}
