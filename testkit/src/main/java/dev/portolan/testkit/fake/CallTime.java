package dev.portolan.testkit.fake;

import dev.portolan.api.Request;
import dev.portolan.api.Timeouts;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.CallTimeoutException.Clock;
import dev.portolan.api.error.ErrorDetails;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of one call: it passes on the fake clock, and runs out where the request says so. One thread waits; any may end
 * the call.
 */
final class CallTime {
    private final FakeClock clock;
    private final Request request;
    private final boolean streamed;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Duration elapsed = Duration.ZERO;
    private Duration silent = Duration.ZERO;
    private boolean answering;

    CallTime(FakeClock clock, Request request, boolean streamed) {
        this.clock = clock;
        this.request = request;
        this.streamed = streamed;
    }

    /** What counts from here is silence; a blocking answer begins only when it is made. */
    void answerBegins() {
        answering = streamed;
        heard();
    }

    boolean isStreamed() {
        return streamed;
    }

    /** Something has come. */
    void heard() {
        silent = answering ? Duration.ZERO : silent;
    }

    /** Ends a wait that has no end. */
    void end() {
        ended.countDown();
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }

    /** Throws if the call was ended, or the thread was interrupted. */
    void check(boolean sent, Supplier<ErrorDetails> details) {
        if (isEnded()) {
            throw cancelled(sent, details, null);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled(sent, details, new InterruptedException());
        }
    }

    void pass(Duration time, Supplier<ErrorDetails> details) {
        Limit limit = limit();
        if (limit != null && time.compareTo(limit.left()) > 0) {
            runOut(limit, details);
        }
        advance(time);
    }

    /** Waits without an end: until a limit of the request, the end of the call, or an interrupt. */
    void hang(Supplier<ErrorDetails> details) {
        Limit limit = limit();
        if (limit != null) {
            runOut(limit, details);
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(true, details, e);
        }
        throw cancelled(true, details, null);
    }

    private void runOut(Limit limit, Supplier<ErrorDetails> details) {
        advance(limit.left());
        throw new CallTimeoutException(
                "The fake for " + request.model() + " took longer than the request's time limit '" + limit.clock()
                        + "', " + limit.whole() + ". Allow more time, or shorten the delay of the fake.",
                limit.clock(),
                details.get(),
                null);
    }

    private void advance(Duration time) {
        clock.advance(time);
        elapsed = elapsed.plus(time);
        silent = silent.plus(time);
    }

    private CallCancelledException cancelled(boolean sent, Supplier<ErrorDetails> details, @Nullable Throwable cause) {
        return new CallCancelledException(
                "The call to the fake for " + request.model() + " was cancelled by the caller",
                sent,
                details.get(),
                cause);
    }

    /** Which limit comes first; null if there is none. */
    private @Nullable Limit limit() {
        Timeouts timeouts = request.call().timeouts();
        Limit whole = Limit.of(Clock.CALL, timeouts.call(), elapsed);
        Limit now = answering
                ? Limit.of(Clock.IDLE, timeouts.idle(), silent)
                : Limit.of(Clock.FIRST_BYTE, timeouts.firstByte(), silent);
        if (whole == null || now == null) {
            return whole == null ? now : whole;
        }
        return now.left().compareTo(whole.left()) < 0 ? now : whole;
    }

    private record Limit(Clock clock, Duration whole, Duration left) {
        static @Nullable Limit of(Clock clock, @Nullable Duration limit, Duration used) {
            return limit == null || limit.isZero() ? null : new Limit(clock, limit, limit.minus(used));
        }
    }
}
