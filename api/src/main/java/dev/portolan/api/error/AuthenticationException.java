package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The key is missing, wrong, disabled or expired. Remedy: fix the key.
 */
public final class AuthenticationException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public AuthenticationException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public AuthenticationException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    AuthenticationException with(String message, ErrorDetails details) {
        return new AuthenticationException(message, details, this);
    }
}
