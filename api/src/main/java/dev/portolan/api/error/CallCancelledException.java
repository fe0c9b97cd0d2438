package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The caller ended the call: closed the stream, interrupted the thread or closed the {@code Portolan}.
 */
public final class CallCancelledException extends PortolanException {
    private static final long serialVersionUID = 1L;

    private final boolean requestSent;

    /**
     * With what is known, and what it came from.
     *
     * @param requestSent whether the request may have reached the server
     */
    public CallCancelledException(
            String message, boolean requestSent, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
        this.requestSent = requestSent;
    }

    /** With what is known, and what it came from; the request may have reached the server. */
    public CallCancelledException(String message, ErrorDetails details, @Nullable Throwable cause) {
        this(message, true, details, cause);
    }

    /** With what is known; the request may have reached the server. */
    public CallCancelledException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    boolean mayBeChargedByNature() {
        return requestSent;
    }

    @Override
    CallCancelledException with(String message, ErrorDetails details) {
        return new CallCancelledException(message, requestSent, details, this);
    }
}
