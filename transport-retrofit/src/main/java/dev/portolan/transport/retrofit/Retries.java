package dev.portolan.transport.retrofit;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicyBuilder;
import dev.portolan.api.CallOptions;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one call whether it is made again, and waits before. The policy is Failsafe's; it comes into being at the
 * first failure, so that a call that succeeds does not pay for it. Used by one thread.
 */
final class Retries {
    private final Waits waits;
    private final RetryPolicy policy;
    private final @Nullable Duration limit;
    private final long begun;
    private @Nullable Execution<Object> execution;

    /**
     * Of a call that begins now.
     *
     * @param limit the longest the whole call may take; {@code null} or zero for no limit
     */
    Retries(Waits waits, RetryPolicy policy, @Nullable Duration limit) {
        this.waits = waits;
        this.policy = policy;
        this.limit = limit == null || limit.isZero() ? null : limit;
        this.begun = waits.nanoTime();
    }

    /**
     * Waits until the next attempt may be made.
     *
     * @return how long was waited
     * @throws PortolanException the failure itself if there is to be no other attempt; a cancelled one if the wait was ended
     */
    Duration after(PortolanException failure) {
        Duration pause = pause(failure);
        if (pause == null) {
            throw failure;
        }
        try {
            if (waits.await(pause)) {
                return pause;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new CallCancelledException(
                "The call was cancelled while it waited to be tried again",
                failure.mayBeCharged(),
                ErrorDetails.NONE
                        .withModel(failure.details().model())
                        .withGenerationId(failure.details().generationId()),
                failure);
    }

    /** The same options with what is left of the call's time. */
    CallOptions remaining(CallOptions options) {
        return limit == null ? options : options.withTimeout(left(limit));
    }

    private @Nullable Duration pause(PortolanException failure) {
        if (!failure.retryable() || (failure.mayBeCharged() && !policy.evenIfCharged())) {
            return null;
        }
        Duration asked = failure.retryAfter().orElse(null);
        if (asked != null && asked.compareTo(policy.maxDelay()) > 0) {
            return null;
        }
        Duration backoff = backoff(failure);
        Duration pause = backoff == null || asked == null ? backoff : asked;
        return pause == null || isBeyond(limit, pause) || isBeyond(policy.maxTotal(), pause) ? null : pause;
    }

    /** How long to wait if nobody asks for another time; {@code null} if there were attempts enough. */
    private @Nullable Duration backoff(PortolanException failure) {
        Execution<Object> attempts = execution;
        if (attempts == null) {
            attempts = Execution.of(failsafe());
            execution = attempts;
        }
        attempts.recordException(failure);
        return attempts.isComplete() ? null : atMost(policy.maxDelay(), attempts.getDelay());
    }

    private dev.failsafe.RetryPolicy<Object> failsafe() {
        RetryPolicyBuilder<Object> builder = dev.failsafe.RetryPolicy.builder().withMaxAttempts(policy.maxAttempts());
        if (policy.firstDelay().isZero() || policy.maxDelay().isZero()) {
            return builder.build();
        }
        if (policy.firstDelay().compareTo(policy.maxDelay()) < 0) {
            builder.withBackoff(policy.firstDelay(), policy.maxDelay(), 1.5);
        } else {
            builder.withDelay(policy.maxDelay());
        }
        return builder.withJitter(0.25).build();
    }

    /** Failsafe varies a wait after it was cut to the longest. */
    private static Duration atMost(Duration longest, Duration wait) {
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    private boolean isBeyond(@Nullable Duration time, Duration pause) {
        return time != null && !time.isZero() && pause.compareTo(left(time)) >= 0;
    }

    private Duration left(Duration time) {
        Duration left = time.minus(elapsed());
        return left.isNegative() || left.isZero() ? Duration.ofNanos(1) : left;
    }

    private Duration elapsed() {
        return Duration.ofNanos(waits.nanoTime() - begun);
    }
}
