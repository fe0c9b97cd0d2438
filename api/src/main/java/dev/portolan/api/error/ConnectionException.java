package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached, or the connection broke before an answer began. Remedy: check the address and the
 * network, then try again.
 */
public final class ConnectionException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public ConnectionException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public ConnectionException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    boolean retryableByNature() {
        return true;
    }

    @Override
    ConnectionException with(ErrorDetails details) {
        return new ConnectionException(String.valueOf(getMessage()), details, this);
    }
}
