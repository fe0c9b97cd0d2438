package dev.portolan.resilience;

import dev.portolan.api.Request;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import java.time.Duration;

/** The cause of an exception for a call that was refused here: what tells it from a refusal by the provider. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Still fits nanoseconds in a long. */
    static final Duration LONGEST = Duration.ofDays(365);

    private Refusal(String by) {
        super("refused by " + by + " of this client; nothing was sent", null, false, false);
    }

    static boolean isIn(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal) {
                return true;
            }
        }
        return false;
    }

    static Refusal by(String what) {
        return new Refusal(what);
    }

    static RateLimitedException limited(Request request, String message, String by) {
        return new RateLimitedException(message, details(request), by(by));
    }

    /** To be thrown after a wait was interrupted; the thread stays interrupted. */
    static CallCancelledException interrupted(Request request, String by, InterruptedException e) {
        Thread.currentThread().interrupt();
        Refusal cause = by(by);
        cause.addSuppressed(e);
        return new CallCancelledException(
                "The call to " + request.model() + " was cancelled while it waited for " + by + "; nothing was sent.",
                false,
                details(request),
                cause);
    }

    static ErrorDetails details(Request request) {
        return ErrorDetails.NONE.withModel(request.model());
    }

    /** As long as is allowed here, but not beyond the time limit of the call. */
    static Duration longestWait(Request request, Duration maxWait) {
        Duration limit = request.call().timeout();
        return limit != null && !limit.isZero() && limit.compareTo(maxWait) < 0 ? limit : maxWait;
    }

    /** Zero is a wait too. */
    static Duration checkWait(Duration maxWait) {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException(
                    "maxWait must not be negative, found " + maxWait + "; zero means to refuse at once");
        }
        return maxWait.compareTo(LONGEST) < 0 ? maxWait : LONGEST;
    }
}
