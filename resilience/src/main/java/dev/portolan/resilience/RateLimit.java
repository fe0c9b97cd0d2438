package dev.portolan.resilience;

import dev.failsafe.RateLimiter;
import dev.failsafe.RateLimiterBuilder;
import dev.portolan.api.Request;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import java.time.Duration;

/**
 * Allows so many calls in a time, and no more. A further one waits for its turn, and is refused if that is too far away.
 *
 * <pre>{@code
 * Portolan.builder()
 *         .discover()
 *         .decorator(RateLimit.smooth(100, Duration.ofMinutes(1)).per(Scope.PROVIDER).build())
 *         .build();
 * }</pre>
 *
 * <p>What counts is that a call begins, however it ends; retries by the provider and the batches of embeddings count no
 * further. A call that is refused does not count, and knows at once: it does not wait in vain. One whose wait is interrupted
 * counts; it is then cancelled, and the thread still interrupted.
 *
 * <p>A call that is refused fails with a {@link RateLimitedException} of which nothing is charged; nothing was sent. Time
 * spent waiting counts for the time limit of the call.
 *
 * <p>Thread-safe. Remembers the 10,000 keys used last.
 */
public final class RateLimit extends CallDecorator {
    /** Where it stands: inside of all others of this package, so that calls reach the provider at this rate. */
    public static final int ORDER = 400;

    private static final String NAME = "the rate limit";

    private final Scope scope;
    private final Duration maxWait;
    private final String rate;
    private final LatestKeys<RateLimiter<Object>> limiters;

    private RateLimit(Builder builder) {
        this.scope = builder.scope;
        this.maxWait = builder.maxWait;
        this.rate = builder.calls + " per " + builder.period;
        this.limiters = new LatestKeys<>(LatestKeys.MAX_KEYS, key -> builder.limiter());
    }

    /**
     * Starts a limit that spreads calls evenly over the time: 60 in a minute are one each second.
     *
     * @param calls how many
     * @param period in what time
     * @throws IllegalArgumentException if either is not positive
     */
    public static Builder smooth(int calls, Duration period) {
        return new Builder(calls, period, true);
    }

    /**
     * Starts a limit that lets all calls of a period come at once, and then none until the next.
     *
     * @param calls how many
     * @param period in what time
     * @throws IllegalArgumentException if either is not positive
     */
    public static Builder bursty(int calls, Duration period) {
        return new Builder(calls, period, false);
    }

    /** {@value #ORDER}. */
    @Override
    public int order() {
        return ORDER;
    }

    @Override
    protected CallObserver begin(Request request) {
        Object key = scope.keyOf(request);
        Duration longest = Refusal.longestWait(request, maxWait);
        boolean permitted;
        try {
            permitted = limiters.get(key).tryAcquirePermit(longest);
        } catch (InterruptedException e) {
            throw Refusal.interrupted(request, NAME, e);
        }
        if (!permitted) {
            throw Refusal.limited(
                    request,
                    "The rate limit of " + rate + " for " + key + " is reached, and the next turn is more than "
                            + longest
                            + " away; nothing was sent. Try again later, allow a longer wait, or raise the limit.",
                    NAME);
        }
        return CallObserver.NONE;
    }

    /** Collects a limit. Not thread-safe. */
    public static final class Builder {
        private final int calls;
        private final Duration period;
        private final boolean smooth;
        private Scope scope = Scope.ALL;
        private Duration maxWait = Duration.ofSeconds(30);

        private Builder(int calls, Duration period, boolean smooth) {
            if (calls < 1 || period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException(
                        "A rate must be at least 1 call in a time above zero, found " + calls + " in " + period);
            }
            this.calls = calls;
            this.period = period;
            this.smooth = smooth;
        }

        /** Sets which calls share the limit; by default all. */
        public Builder per(Scope newScope) {
            scope = newScope;
            return this;
        }

        /**
         * Sets the longest a call waits for its turn, 30 seconds by default; zero to refuse it at once. It waits no longer
         * than its own time limit.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maxWait(Duration longest) {
            maxWait = Refusal.checkWait(longest);
            return this;
        }

        /** The limit. */
        public RateLimit build() {
            return new RateLimit(this);
        }

        private RateLimiter<Object> limiter() {
            RateLimiterBuilder<Object> limiter =
                    smooth ? RateLimiter.smoothBuilder(calls, period) : RateLimiter.burstyBuilder(calls, period);
            return limiter.build();
        }
    }
}
