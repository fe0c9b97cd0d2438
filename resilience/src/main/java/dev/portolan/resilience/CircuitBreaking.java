package dev.portolan.resilience;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.event.CircuitBreakerStateChangedEvent;
import dev.failsafe.event.EventListener;
import dev.portolan.api.Reply;
import dev.portolan.api.Request;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Stops calling a model that fails again and again, and tries it again after a while. Callers learn at once that it is
 * unavailable, rather than after a timeout, and {@link Fallback} moves on at once.
 *
 * <pre>{@code
 * Portolan.builder()
 *         .discover()
 *         .decorator(Fallback.to("ollama/llama3"))
 *         .decorator(CircuitBreaking.builder().failures(5, 10).delay(Duration.ofSeconds(30)).build())
 *         .build();
 * }</pre>
 *
 * <p>Each model has a breaker. It is closed, and calls pass, until 5 of the last 10 failed; then it is open, and calls are
 * refused with a {@link ProviderUnavailableException} that says how long it stays so and of which nothing is charged; nothing
 * was sent. After 30 seconds it is half-open, and lets one call through: if that succeeds it closes, if it fails it opens
 * again. All of these are the defaults.
 *
 * <table>
 * <caption>What a call that ended says about the model</caption>
 * <tr><th>says</th><th>when</th></tr>
 * <tr><td>failure</td><td>{@link #unavailable unavailable}: the provider is down, the connection or a stream broke, a clock
 *     other than that of the whole call ran out, the answer made no sense</td></tr>
 * <tr><td>nothing</td><td>a stream closed before its end, a cancelled call, the time limit of the whole call, a budget, a wrong
 *     setting, a refusal by a limit of this package, an exception that is not a {@link PortolanException}</td></tr>
 * <tr><td>success</td><td>a complete reply, and every other refusal by the provider, which has answered: an invalid request,
 *     too long a context, no credit, too many requests …</td></tr>
 * </table>
 *
 * <p>A trial of a half-open breaker that says nothing opens it again for another delay. A call that began before the breaker
 * opened, and ends while it is not closed, says nothing.
 *
 * <p>Thread-safe. Remembers the 10,000 keys used last; another one starts anew, closed.
 */
public final class CircuitBreaking extends CallDecorator {
    /** Where it stands: inside of {@link Fallback}, outside of the limits, so that a model that is down takes no place. */
    public static final int ORDER = 200;

    private static final System.Logger LOG = System.getLogger(CircuitBreaking.class.getName());

    private final Scope scope;
    private final Predicate<? super PortolanException> failsOn;
    private final LatestKeys<CircuitBreaker<Object>> breakers;

    private CircuitBreaking(Builder builder) {
        this.scope = builder.scope;
        this.failsOn = builder.failsOn;
        int failures = builder.failures;
        int calls = builder.calls;
        int successes = builder.successes;
        Duration delay = builder.delay;
        Consumer<? super StateChange> listener = builder.listener;
        this.breakers = new LatestKeys<>(
                LatestKeys.MAX_KEYS,
                key -> CircuitBreaker.builder()
                        .withFailureThreshold(failures, calls)
                        .withSuccessThreshold(successes)
                        .withDelay(delay)
                        .onOpen(telling(listener, key, State.OPEN))
                        .onHalfOpen(telling(listener, key, State.HALF_OPEN))
                        .onClose(telling(listener, key, State.CLOSED))
                        .build());
    }

    /** With the defaults, which stand in the description of the class. */
    public static CircuitBreaking withDefaults() {
        return builder().build();
    }

    /** Starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whether this says that the model is unavailable; what opens breakers by default. To count too many requests as well:
     * {@code failOn(e -> CircuitBreaking.unavailable(e) || e instanceof RateLimitedException)}.
     */
    public static boolean unavailable(PortolanException failure) {
        return failure instanceof ProviderUnavailableException
                || failure instanceof ConnectionException
                || failure instanceof BrokenStreamException
                || failure instanceof MalformedResponseException
                || (failure instanceof CallTimeoutException timeout
                        && timeout.clock() != CallTimeoutException.Clock.CALL);
    }

    /** {@value #ORDER}. */
    @Override
    public int order() {
        return ORDER;
    }

    /** How it is with the breaker of this request. */
    public State state(Request request) {
        return State.of(breakers.get(scope.keyOf(request)).getState());
    }

    @Override
    protected CallObserver begin(Request request) {
        Object key = scope.keyOf(request);
        CircuitBreaker<Object> breaker = breakers.get(key);
        if (!breaker.tryAcquirePermit()) {
            throw refusal(request, key, breaker);
        }
        return new Call(breaker, breaker.isHalfOpen());
    }

    private static ProviderUnavailableException refusal(Request request, Object key, CircuitBreaker<Object> breaker) {
        boolean open = breaker.isOpen();
        Duration left = breaker.getRemainingDelay();
        return new ProviderUnavailableException(
                "The circuit breaker for " + key
                        + (open
                                ? " is open after repeated failures, for another " + left
                                : " is half-open and waits for the outcome of a trial")
                        + "; nothing was sent. Try again later, or use another model.",
                Refusal.details(request).withRetryAfter(open ? left : null),
                Refusal.by("the circuit breaker"));
    }

    private static EventListener<CircuitBreakerStateChangedEvent> telling(
            Consumer<? super StateChange> listener, Object key, State to) {
        return event -> {
            try {
                listener.accept(new StateChange(key, State.of(event.getPreviousState()), to));
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A listener to circuit breakers failed", e);
            }
        };
    }

    /** How it is with a breaker. */
    public enum State {
        /** Calls pass. */
        CLOSED,
        /** Calls are refused. */
        OPEN,
        /** A few calls pass, as a trial; the others are refused. */
        HALF_OPEN;

        static State of(CircuitBreaker.State state) {
            return switch (state) {
                case CLOSED -> CLOSED;
                case OPEN -> OPEN;
                case HALF_OPEN -> HALF_OPEN;
            };
        }
    }

    /**
     * A breaker has changed its state.
     *
     * @param key which breaker: by default a {@link dev.portolan.api.ModelId}
     * @param from how it was
     * @param to how it is
     */
    public record StateChange(Object key, State from, State to) {}

    private final class Call implements CallObserver {
        private final CircuitBreaker<Object> breaker;
        private final boolean trial;

        Call(CircuitBreaker<Object> breaker, boolean trial) {
            this.breaker = breaker;
            this.trial = trial;
        }

        @Override
        public void finished(Reply reply) {
            succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            if (!(failure instanceof PortolanException e) || saysNothing(e)) {
                saidNothing();
            } else if (countsAsFailure(e)) {
                if (counts()) {
                    breaker.recordFailure();
                }
            } else {
                succeeded();
            }
        }

        @Override
        public void closed() {
            saidNothing();
        }

        private boolean countsAsFailure(PortolanException e) {
            try {
                return failsOn.test(e);
            } catch (RuntimeException broken) {
                saidNothing();
                throw broken;
            }
        }

        private void succeeded() {
            if (counts()) {
                breaker.recordSuccess();
            }
        }

        /** Failsafe cannot take a trial's permit back, and without one the breaker would stay half-open for ever. */
        private void saidNothing() {
            if (trial && breaker.isHalfOpen()) {
                breaker.open();
            }
        }

        private boolean counts() {
            return breaker.isClosed() || (trial && breaker.isHalfOpen());
        }

        private boolean saysNothing(PortolanException e) {
            return e instanceof CallCancelledException
                    || e instanceof BudgetExceededException
                    || e instanceof ConfigurationException
                    || (e instanceof CallTimeoutException timeout && timeout.clock() == CallTimeoutException.Clock.CALL)
                    || Refusal.isIn(e);
        }
    }

    /** Collects how breakers work. Not thread-safe. */
    public static final class Builder {
        private Scope scope = Scope.MODEL;
        private Predicate<? super PortolanException> failsOn = CircuitBreaking::unavailable;
        private int failures = 5;
        private int calls = 10;
        private int successes = 1;
        private Duration delay = Duration.ofSeconds(30);
        private Consumer<? super StateChange> listener = change -> {};

        private Builder() {}

        /** Sets which calls share a breaker; by default those to one model. */
        public Builder per(Scope newScope) {
            scope = newScope;
            return this;
        }

        /**
         * Sets when a breaker opens: after 5 failures among the last 10 calls, by default.
         *
         * @throws IllegalArgumentException if {@code count} is below 1 or above {@code ofCalls}
         */
        public Builder failures(int count, int ofCalls) {
            if (count < 1 || count > ofCalls) {
                throw new IllegalArgumentException(
                        "failures must be between 1 and the number of calls, found " + count + " of " + ofCalls);
            }
            failures = count;
            calls = ofCalls;
            return this;
        }

        /**
         * Sets how many successful trials in a row close a half-open breaker, 1 by default. As many calls may be on trial at
         * once; one that fails opens the breaker again.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder trials(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("trials must be at least 1, found " + count);
            }
            successes = count;
            return this;
        }

        /**
         * Sets how long a breaker stays open, 30 seconds by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder delay(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("delay must be above zero, found " + time);
            }
            delay = time;
            return this;
        }

        /**
         * Sets which failures say that a model is unavailable, instead of {@link CircuitBreaking#unavailable}. Not asked about
         * those that say nothing.
         */
        public Builder failOn(Predicate<? super PortolanException> test) {
            failsOn = test;
            return this;
        }

        /**
         * Sets who is told when a breaker changes its state, on the thread of the call that changed it. Should be quick, and
         * must not make calls itself; what it throws is logged.
         */
        public Builder onStateChange(Consumer<? super StateChange> newListener) {
            listener = newListener;
            return this;
        }

        /** The decorator. */
        public CircuitBreaking build() {
            return new CircuitBreaking(this);
        }
    }
}
