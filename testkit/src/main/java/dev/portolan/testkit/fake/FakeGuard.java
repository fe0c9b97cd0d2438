package dev.portolan.testkit.fake;

import dev.portolan.api.Request;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ErrorDetails;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A guard that lets every call through but those that it was told to refuse, and remembers how each went on. Thread-safe.
 *
 * <pre>{@code
 * FakeGuard guard = new FakeGuard().refuseNext();
 * FakeGuard guard = new FakeGuard().refuseWhen(request -> "search".equals(request.call().tags().get("team")));
 * }</pre>
 */
public final class FakeGuard implements SpendingGuard {
    private final List<Asked> asked = new ArrayList<>();
    private final Deque<Refusal> next = new ArrayDeque<>();
    private final List<Rule> rules = new ArrayList<>();

    /** A guard that lets every call through. */
    public FakeGuard() {}

    @FunctionalInterface
    private interface Refusal {
        BudgetExceededException of(ErrorDetails details);
    }

    private record Rule(Predicate<? super Request> condition, Refusal refusal) {}

    /** Refuses the next call; called again, the one after it. */
    public FakeGuard refuseNext() {
        return refuseNext(FakeGuard::exceeded);
    }

    /** Refuses the next call with this exception. */
    public FakeGuard refuseNext(BudgetExceededException refusal) {
        return refuseNext(details -> refusal);
    }

    /**
     * Refuses the next call.
     *
     * @param refusal gets the details of the call, with its model
     */
    public synchronized FakeGuard refuseNext(Function<? super ErrorDetails, BudgetExceededException> refusal) {
        next.add(refusal::apply);
        return this;
    }

    /** Refuses all such calls. */
    public FakeGuard refuseWhen(Predicate<? super Request> condition) {
        return refuseWhen(condition, FakeGuard::exceeded);
    }

    /** Refuses all such calls with this exception. */
    public FakeGuard refuseWhen(Predicate<? super Request> condition, BudgetExceededException refusal) {
        return refuseWhen(condition, details -> refusal);
    }

    /**
     * Refuses all such calls.
     *
     * @param refusal gets the details of the call, with its model
     */
    public synchronized FakeGuard refuseWhen(
            Predicate<? super Request> condition, Function<? super ErrorDetails, BudgetExceededException> refusal) {
        rules.add(new Rule(condition, refusal::apply));
        return this;
    }

    private static BudgetExceededException exceeded(ErrorDetails details) {
        return new BudgetExceededException(
                "The fake guard was told to refuse this call of " + details.model(), details);
    }

    /** Forgets what it was told to refuse, and all calls. */
    public synchronized void reset() {
        asked.clear();
        next.clear();
        rules.clear();
    }

    /** A call that the guard was asked about, as far as it has gone on. Thread-safe. */
    public static final class Asked {
        private final String callId;
        private final Request request;
        private final @Nullable BudgetExceededException refusal;
        private volatile CostEvent.@Nullable AnsweredBy answered;
        private volatile @Nullable CostEvent settled;
        private int timesSettled;

        private Asked(String callId, Request request, @Nullable BudgetExceededException refusal) {
            this.callId = callId;
            this.request = request;
            this.refusal = refusal;
        }

        /** The name that the call's {@link CostEvent} has. */
        public String callId() {
            return callId;
        }

        /** What was to be asked. */
        public Request request() {
            return request;
        }

        /** Why it was refused; empty if it was let through. */
        public Optional<BudgetExceededException> refusal() {
            return Optional.ofNullable(refusal);
        }

        /** Who answers, if a stream has told. */
        public Optional<CostEvent.AnsweredBy> answered() {
            return Optional.ofNullable(answered);
        }

        /** How the call ended; empty as long as it has not, and if it was refused. */
        public Optional<CostEvent> settled() {
            return Optional.ofNullable(settled);
        }

        /** How often the guard was told how the call ended: more than once is a mistake of whoever tells it. */
        public synchronized int timesSettled() {
            return timesSettled;
        }

        private synchronized void settle(CostEvent event) {
            if (++timesSettled > 1) {
                throw new IllegalStateException("The call " + callId + " was settled twice");
            }
            settled = event;
        }

        @Override
        public String toString() {
            return request.model() + " "
                    + (refusal != null ? "refused" : settled == null ? "under way" : "settled: " + settled.cost());
        }
    }

    @Override
    public Reservation reserve(String callId, Request request) {
        Asked call;
        synchronized (this) {
            Refusal refusal = refusal(request);
            call = new Asked(
                    callId, request, refusal == null ? null : refusal.of(ErrorDetails.NONE.withModel(request.model())));
            asked.add(call);
        }
        if (call.refusal != null) {
            throw call.refusal;
        }
        return new Reservation() {
            @Override
            public void answered(CostEvent.AnsweredBy by) {
                call.answered = by;
            }

            @Override
            public void settle(CostEvent event) {
                call.settle(event);
            }
        };
    }

    private @Nullable Refusal refusal(Request request) {
        for (Rule rule : rules) {
            if (rule.condition().test(request)) {
                return rule.refusal();
            }
        }
        return next.poll();
    }

    /** All calls that the guard was asked about, in order. */
    public synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Those that it let through and that have not been settled. */
    public List<Asked> open() {
        return asked().stream()
                .filter(call -> call.refusal == null && call.settled == null)
                .toList();
    }
}
