package dev.portolan.api;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.cost.SpendingGuard.Reservation;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Asks the guards before each call, and tells guards and sinks how it ended. Thread-safe. */
final class Bookkeeping extends CallDecorator {
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);
    private static final System.Logger LOG = System.getLogger(Portolan.class.getName());

    private final List<SpendingGuard> guards;
    private final List<CostSink> sinks;
    private final Runnable checkOpen;
    private final LongAdder failedRecords = new LongAdder();
    private final Set<Entry> underWay = ConcurrentHashMap.newKeySet();

    /** @param checkOpen throws if no more calls are made, of which guards and sinks are to hear nothing then */
    Bookkeeping(List<SpendingGuard> guards, List<CostSink> sinks, Runnable checkOpen) {
        this.guards = List.copyOf(guards);
        this.sinks = List.copyOf(sinks);
        this.checkOpen = checkOpen;
    }

    long failedRecords() {
        return failedRecords.sum();
    }

    /**
     * Waits a moment for the calls that were just ended to be told, so that sinks can be closed; those of which nothing is
     * heard, such as streams that nobody closed, are told as cancelled.
     */
    void close() {
        long deadline = System.nanoTime() + LAST_WAIT.toNanos();
        synchronized (underWay) {
            while (!underWay.isEmpty() && System.nanoTime() < deadline) {
                try {
                    underWay.wait(10);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        underWay.forEach(Entry::closed);
    }

    @Override
    protected CallObserver begin(Request request) {
        checkOpen.run();
        if (guards.isEmpty() && sinks.isEmpty()) {
            return CallObserver.NONE;
        }
        Entry entry = new Entry(request);
        for (SpendingGuard guard : guards) {
            try {
                entry.reservations.add(guard.reserve(entry.callId, request));
            } catch (RuntimeException refused) {
                CostEvent nothing = entry.failed(refused, Cost.NONE);
                entry.reservations.forEach(reservation -> entry.told(() -> reservation.settle(nothing)));
                throw refused;
            }
        }
        underWay.add(entry);
        return entry;
    }

    /** What becomes known of one call. Written by its thread; read by the one that ends it, which may be another. */
    private final class Entry implements CallObserver {
        private final ModelId model;
        private final Map<String, String> tags;
        private final CostEvent.Operation operation;
        private final String callId = UUID.randomUUID().toString();
        private final Instant started = Instant.now();
        private final long begun = System.nanoTime();
        private final List<Reservation> reservations = new ArrayList<>(0);
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile @Nullable ReplyStream<?, ?> stream;
        private boolean toldAnswered;
        private volatile @Nullable Duration firstToken;
        private volatile ChatEvent.@Nullable ResponseStarted start;
        private volatile ChatEvent.@Nullable UsageReported usage;

        Entry(Request request) {
            this.model = request.model();
            this.tags = request.call().tags();
            this.operation = request instanceof ChatRequest
                    ? CostEvent.Operation.CHAT
                    : request instanceof EmbeddingRequest ? CostEvent.Operation.EMBEDDING : CostEvent.Operation.IMAGE;
        }

        @Override
        public void opened(ReplyStream<?, ?> opened) {
            stream = opened;
            tellAnswered(null);
        }

        @Override
        public void event(Object event) {
            if (event instanceof ChatEvent.ResponseStarted answer) {
                start = answer;
                tellAnswered(answer);
            } else if (event instanceof ChatEvent.UsageReported reported) {
                usage = reported;
            } else if (firstToken == null
                    && !(event instanceof ChatEvent.ResponseFinished)
                    && !(event instanceof ImageEvent.Finished)) {
                firstToken = sinceBegun();
            }
        }

        @Override
        public void finished(Reply reply) {
            tell(event(
                    by(reply, reply.generationIds()),
                    reply.usage(),
                    reply.totalCost(),
                    new Outcome(
                            Outcome.Status.COMPLETED,
                            null,
                            Math.max(1, reply.attempts().size()))));
        }

        @Override
        public void failed(Throwable failure) {
            tell(failed(failure, costOf(failure)));
        }

        @Override
        public void closed() {
            ChatEvent.UsageReported reported = usage;
            tell(event(
                    by(start, idsOfStream()),
                    reported == null ? Usage.NOT_REPORTED : reported.usage(),
                    reported == null ? Cost.UNKNOWN : reported.cost(),
                    new Outcome(Outcome.Status.CANCELLED, null, 1)));
        }

        CostEvent failed(Throwable failure, Cost cost) {
            Outcome.Status status =
                    failure instanceof CallCancelledException ? Outcome.Status.CANCELLED : Outcome.Status.FAILED;
            String error = failure.getClass().getSimpleName();
            if (!(failure instanceof PortolanException e)) {
                return event(by(start, idsOfStream()), Usage.NOT_REPORTED, cost, new Outcome(status, error, 1));
            }
            Reply partial = e.details().partial();
            return event(
                    partial == null ? by(start, e.generationIds()) : by(partial, e.generationIds()),
                    partial == null ? Usage.NOT_REPORTED : partial.usage(),
                    cost,
                    new Outcome(status, error, Math.max(1, e.attempts().size())));
        }

        private CostEvent event(AnsweredBy by, Usage used, Cost cost, Outcome outcome) {
            return new CostEvent(
                    callId,
                    operation,
                    model,
                    by,
                    tags,
                    used,
                    cost,
                    new CostEvent.Timing(started, sinceBegun(), firstToken),
                    outcome);
        }

        /** Once: at the call's own end, or at the end of all. */
        private void tell(CostEvent event) {
            if (ended.compareAndSet(false, true)) {
                reservations.forEach(reservation -> told(() -> reservation.settle(event)));
                sinks.forEach(sink -> told(() -> sink.record(event)));
                underWay.remove(this);
            }
        }

        private void told(Runnable listener) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                failedRecords.increment();
                LOG.log(System.Logger.Level.ERROR, "A record of call " + callId + " was not taken", e);
            }
        }

        /** As early as possible: if this process dies, the generation id is all that leads to the bill. */
        private void tellAnswered(ChatEvent.@Nullable ResponseStarted answer) {
            AnsweredBy by = toldAnswered || reservations.isEmpty() ? AnsweredBy.UNKNOWN : by(answer, idsOfStream());
            if (!by.generationIds().isEmpty()) {
                toldAnswered = true;
                reservations.forEach(reservation -> told(() -> reservation.answered(by)));
            }
        }

        private Duration sinceBegun() {
            return Duration.ofNanos(System.nanoTime() - begun);
        }

        private AnsweredBy by(Reply reply, List<String> ids) {
            AnsweredBy known = by(start, ids);
            String upstream = reply instanceof ChatResponse chat
                    ? chat.provider()
                    : reply instanceof ImageResponse drawn
                            ? drawn.provider()
                            : reply instanceof EmbeddingResponse vectors ? vectors.provider() : null;
            return new AnsweredBy(reply.model(), upstream == null ? known.upstream() : upstream, ids);
        }

        private static AnsweredBy by(ChatEvent.@Nullable ResponseStarted answer, List<String> ids) {
            return answer == null
                    ? new AnsweredBy("", null, ids)
                    : new AnsweredBy(answer.model(), answer.provider(), ids);
        }

        /** What is known of a stream that was left. */
        private List<String> idsOfStream() {
            ReplyStream<?, ?> opened = stream;
            List<String> ids = opened == null ? null : opened.generationIds();
            if (ids != null) {
                return ids;
            }
            ChatEvent.ResponseStarted answer = start;
            return answer == null || answer.id() == null ? List.of() : List.of(answer.id());
        }
    }

    /** A bad request is refused before anything is sent; of any other failure nobody knows, unless it says so itself. */
    private static Cost costOf(Throwable failure) {
        if (!(failure instanceof PortolanException e)) {
            return failure instanceof IllegalArgumentException ? Cost.NONE : Cost.UNKNOWN;
        }
        return e.totalCost();
    }
}
