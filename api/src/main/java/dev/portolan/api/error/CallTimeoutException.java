package dev.portolan.api.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the clocks of a call ran out; {@link #clock()} tells which. Remedy: try again, or allow more time.
 */
public final class CallTimeoutException extends PortolanException {
    private static final long serialVersionUID = 1L;

    private final Clock clock;

    /** Which clock ran out. */
    public enum Clock {
        /** Reaching the server. */
        CONNECT,
        /** Waiting until the answer begins. */
        FIRST_BYTE,
        /** Silence in the middle of an answer, such as between two events of a stream. */
        IDLE,
        /** The whole call. */
        CALL,
        /** The server's own, or that of a provider behind it. */
        SERVER
    }

    /** With what is known, and what it came from. */
    public CallTimeoutException(String message, Clock clock, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Which clock ran out. */
    public Clock clock() {
        return clock;
    }

    @Override
    boolean retryableByNature() {
        return clock != Clock.CALL;
    }

    @Override
    boolean mayBeChargedByNature() {
        return clock != Clock.CONNECT && clock != Clock.SERVER;
    }

    @Override
    CallTimeoutException with(String message, ErrorDetails details) {
        return new CallTimeoutException(message, clock, details, this);
    }
}
