package dev.portolan.api.spi;

import dev.portolan.api.Attempt;
import dev.portolan.api.Reply;
import dev.portolan.api.Request;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The attempts of one call, one after the other. Used by one thread. */
final class RecoveringCall<Q extends Request> {
    private final Recovery<Q> recovery;
    private final List<Attempt> failed = new ArrayList<>(0);
    private Q request;
    private Duration delay = Duration.ZERO;

    RecoveringCall(Recovery.Plan<Q> plan, Q request) {
        this.recovery = plan.begin(request);
        this.request = request;
    }

    /** Makes attempts until one gives a result. */
    <T> T run(Function<Q, T> attempt) {
        while (true) {
            try {
                return attempt.apply(request);
            } catch (PortolanException e) {
                failed(e);
            }
        }
    }

    /** Moves on to the next attempt, or ends the call with what failed. */
    void failed(PortolanException e) {
        add(e);
        try {
            Recovery.Next<Q> next = recovery.after(request, e);
            request = next.request();
            delay = next.delay();
        } catch (PortolanException last) {
            throw withAttempts(last);
        }
    }

    /** The failed attempts so far, which others may keep. */
    List<Attempt> failed() {
        return List.copyOf(failed);
    }

    /** The exception for a call that ends with what failed. */
    PortolanException ended(PortolanException e) {
        add(e);
        return withAttempts(e);
    }

    private PortolanException withAttempts(PortolanException e) {
        return failed.size() > 1 && !failed.equals(e.attempts()) ? e.withAttempts(failed) : e;
    }

    /** An attempt that took several itself brings them along. */
    private void add(PortolanException e) {
        List<Attempt> inner = e.attempts();
        if (inner.size() > 1) {
            failed.addAll(inner);
        } else {
            failed.add(new Attempt(request.model(), delay, e));
        }
    }

    <R extends Reply> R answered(R reply, BiFunction<R, List<Attempt>, R> withAttempts) {
        List<Attempt> last =
                reply.attempts().isEmpty() ? List.of(new Attempt(request.model(), delay, null)) : reply.attempts();
        if (failed.isEmpty()) {
            return withAttempts.apply(reply, last);
        }
        List<Attempt> all = new ArrayList<>(failed);
        all.addAll(last);
        return withAttempts.apply(reply, all);
    }
}
