package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The caller ended the call: closed the stream, interrupted the thread or closed the {@code Portolan}.
 */
public final class CallCancelledException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public CallCancelledException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public CallCancelledException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    CallCancelledException with(ErrorDetails details) {
        return new CallCancelledException(String.valueOf(getMessage()), details, this);
    }
}
