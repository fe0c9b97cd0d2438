package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached, or the connection broke before an answer began. Remedy: check the address and the
 * network, then try again.
 */
public final class ConnectionException extends PortolanException {
    private static final long serialVersionUID = 1L;

    private final boolean requestSent;

    /**
     * With what is known, and what it came from.
     *
     * @param requestSent whether the request may have reached the server
     */
    public ConnectionException(String message, boolean requestSent, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
        this.requestSent = requestSent;
    }

    /** With what is known, and what it came from; the request may have reached the server. */
    public ConnectionException(String message, ErrorDetails details, @Nullable Throwable cause) {
        this(message, true, details, cause);
    }

    /** With what is known; the request may have reached the server. */
    public ConnectionException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    /** Whether the request may have reached the server before the connection broke. */
    public boolean requestSent() {
        return requestSent;
    }

    @Override
    boolean retryableByNature() {
        return true;
    }

    @Override
    boolean mayBeChargedByNature() {
        return requestSent;
    }

    @Override
    ConnectionException with(String message, ErrorDetails details) {
        return new ConnectionException(message, requestSent, details, this);
    }
}
