package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The server's answer cannot be understood. Remedy: check the base URL; report it if the server is the right one.
 */
public final class MalformedResponseException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public MalformedResponseException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public MalformedResponseException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    boolean mayBeChargedByNature() {
        return true;
    }

    @Override
    MalformedResponseException with(String message, ErrorDetails details) {
        return new MalformedResponseException(message, details, this);
    }
}
