package dev.portolan.resilience;

import dev.portolan.api.Reply;
import dev.portolan.api.Request;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Allows so many calls at once, and no more. A further one waits for its turn, and is refused if none comes in time.
 *
 * <pre>{@code
 * Portolan.builder()
 *         .discover()
 *         .decorator(ConcurrencyLimit.atMost(8).per(Scope.PROVIDER).maxWait(Duration.ofSeconds(10)).build())
 *         .build();
 * }</pre>
 *
 * <p>A call holds its place until its reply is there, retries by the provider and the waits between them included. A stream
 * holds its place until its last event was read, or it failed, or it was closed: close every stream. Embeddings that are sent
 * in several batches are one call.
 *
 * <p>Those that wait get their turn in the order in which they came. A wait ends when its thread is interrupted: the call is
 * then cancelled, and the thread still interrupted.
 *
 * <p>A call that is refused fails with a {@link RateLimitedException} of which nothing is charged; nothing was sent. Time
 * spent waiting counts for the time limit of the call.
 *
 * <p>Thread-safe. Remembers only the keys of calls under way.
 */
public final class ConcurrencyLimit extends CallDecorator {
    /**
     * Where it stands: inside of {@link CircuitBreaking}, outside of {@link RateLimit}, so that a call that is refused here
     * uses up no permit there.
     */
    public static final int ORDER = 300;

    private static final String NAME = "the concurrency limit";

    private final int max;
    private final Scope scope;
    private final Duration maxWait;
    // Not Failsafe's Bulkhead: in 3.3.2 each wait that runs out or is interrupted costs it a permit for ever.
    private final ConcurrentMap<Object, Places> places = new ConcurrentHashMap<>();

    private ConcurrencyLimit(Builder builder) {
        this.max = builder.max;
        this.scope = builder.scope;
        this.maxWait = builder.maxWait;
    }

    /**
     * Starts a limit.
     *
     * @param calls how many calls may be under way at once
     * @throws IllegalArgumentException if it is below 1
     */
    public static Builder atMost(int calls) {
        return new Builder(calls);
    }

    /** {@value #ORDER}. */
    @Override
    public int order() {
        return ORDER;
    }

    @Override
    protected CallObserver begin(Request request) {
        Object key = Objects.requireNonNull(scope.keyOf(request), "key of the scope");
        Places taken = enter(key);
        boolean placed = false;
        try {
            placed = await(taken, request);
        } finally {
            if (!placed) {
                leave(key);
            }
        }
        if (!placed) {
            throw Refusal.limited(
                    request,
                    "The concurrency limit of " + max + " for " + key
                            + " is reached, and no place became free within "
                            + Refusal.longestWait(request, maxWait)
                            + "; nothing was sent. Try again later, allow a longer wait, or raise the limit.",
                    NAME);
        }
        return new Place(key, taken);
    }

    private boolean await(Places taken, Request request) {
        try {
            long nanos = Refusal.longestWait(request, maxWait).toNanos();
            return taken.semaphore().tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw Refusal.interrupted(request, NAME, e);
        }
    }

    private Places enter(Object key) {
        return places.compute(
                key, (same, old) -> old == null ? new Places(new Semaphore(max, true), 1) : old.withUsers(1));
    }

    private void leave(Object key) {
        places.computeIfPresent(key, (same, old) -> old.users() == 1 ? null : old.withUsers(-1));
    }

    /** How many keys have calls under way or waiting. */
    int keys() {
        return places.size();
    }

    /**
     * The places of one key.
     *
     * @param users how many calls hold a place or wait for one
     */
    private record Places(Semaphore semaphore, int users) {
        Places withUsers(int more) {
            return new Places(semaphore, users + more);
        }
    }

    private final class Place implements CallObserver {
        private final Object key;
        private final Places taken;

        Place(Object key, Places taken) {
            this.key = key;
            this.taken = taken;
        }

        @Override
        public void finished(Reply reply) {
            free();
        }

        @Override
        public void failed(Throwable failure) {
            free();
        }

        @Override
        public void closed() {
            free();
        }

        private void free() {
            taken.semaphore().release();
            leave(key);
        }
    }

    /** Collects a limit. Not thread-safe. */
    public static final class Builder {
        private final int max;
        private Scope scope = Scope.ALL;
        private Duration maxWait = Duration.ofSeconds(30);

        private Builder(int max) {
            if (max < 1) {
                throw new IllegalArgumentException("At least 1 call at once must be allowed, found " + max);
            }
            this.max = max;
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
        public ConcurrencyLimit build() {
            return new ConcurrencyLimit(this);
        }
    }
}
