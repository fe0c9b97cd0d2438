package dev.portolan.cost;

import dev.portolan.api.Request;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.price.PriceBook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Goes along with every call of one {@code Portolan}: before it the guards, after it the prices, the ledger, and whoever else
 * is to know. Each does its part whatever becomes of the others; what failed is thrown in the end, for the {@code Portolan} to
 * count and log.
 */
final class TrackedCalls implements CostSink, SpendingGuard, AutoCloseable {
    private final Ledger ledger;
    private final PriceBook prices;
    private final List<SpendingGuard> guards;
    private final List<CostSink> sinks;
    private final @Nullable CallLog log;
    private final @Nullable Reconciler reconciler;
    private final Clock clock;

    TrackedCalls(
            Ledger ledger,
            PriceBook prices,
            List<SpendingGuard> guards,
            List<CostSink> sinks,
            @Nullable CallLog log,
            @Nullable Reconciler reconciler,
            Clock clock) {
        this.ledger = ledger;
        this.prices = prices;
        this.guards = List.copyOf(guards);
        this.sinks = List.copyOf(sinks);
        this.log = log;
        this.reconciler = reconciler;
        this.clock = clock;
    }

    @Override
    public Reservation reserve(String callId, Request request) {
        CallNote.Begun begun = CallNote.Begun.of(callId, request, clock.instant());
        List<Reservation> held = new ArrayList<>(guards.size());
        for (SpendingGuard guard : guards) {
            try {
                held.add(guard.reserve(callId, request));
            } catch (RuntimeException refused) {
                CostEvent nothing = refused(begun, refused);
                try {
                    each(held, reservation -> reservation.settle(nothing));
                } catch (RuntimeException e) {
                    refused.addSuppressed(e);
                }
                throw refused;
            }
        }
        if (log == null) {
            return held.isEmpty() ? Reservation.NONE : new Held(callId, held);
        }
        log.note(begun);
        return new Held(callId, held);
    }

    private CostEvent refused(CallNote.Begun begun, RuntimeException refusal) {
        Instant now = clock.instant();
        return new CostEvent(
                begun.callId(),
                begun.operation(),
                begun.model(),
                AnsweredBy.UNKNOWN,
                begun.tags(),
                Usage.NOT_REPORTED,
                Cost.NONE,
                new Timing(begun.at(), Duration.between(begun.at(), now), null),
                new Outcome(Outcome.Status.FAILED, refusal.getClass().getSimpleName(), 1));
    }

    /** What the guards put by for one call. */
    private final class Held implements Reservation {
        private final String callId;
        private final List<Reservation> reservations;

        Held(String callId, List<Reservation> reservations) {
            this.callId = callId;
            this.reservations = List.copyOf(reservations);
        }

        @Override
        public void answered(AnsweredBy by) {
            if (log != null) {
                log.note(new CallNote.Answered(callId, by));
            }
            each(reservations, reservation -> reservation.answered(by));
        }

        @Override
        public void settle(CostEvent event) {
            if (log != null && isFree(event)) {
                // No record follows if another guard refused the call.
                log.note(new CallNote.Ended(callId));
            }
            each(reservations, reservation -> reservation.settle(event));
        }
    }

    private static boolean isFree(CostEvent event) {
        return event.outcome().status() == Outcome.Status.FAILED && Objects.equals(event.cost(), Cost.NONE);
    }

    @Override
    public void record(CostEvent event) {
        CostEvent priced = prices.priced(event);
        List<CostSink> all = new ArrayList<>(sinks.size() + 1);
        all.add(this::enter);
        all.addAll(sinks);
        each(all, sink -> sink.record(priced));
    }

    private void enter(CostEvent priced) {
        try {
            ledger.record(priced);
        } catch (IllegalArgumentException refused) {
            ended(priced);
            throw refused;
        }
        ended(priced);
        if (reconciler != null) {
            reconciler.offer(priced);
        }
    }

    /** Not noted of a call that no ledger or journal took: when this process has ended, the next one finds at least its trace. */
    private void ended(CostEvent event) {
        if (log != null) {
            log.note(new CallNote.Ended(event.callId()));
        }
    }

    private interface Step<T> {
        void on(T part);
    }

    private static <T> void each(List<T> parts, Step<T> step) {
        RuntimeException failure = null;
        for (T part : parts) {
            try {
                step.on(part);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        List<Runnable> ends = new ArrayList<>();
        if (reconciler != null) {
            ends.add(reconciler::close);
        }
        if (log != null) {
            ends.add(log::close);
        }
        ends.add(ledger::close);
        each(ends, Runnable::run);
    }
}
