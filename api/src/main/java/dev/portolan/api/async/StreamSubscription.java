package dev.portolan.api.async;

import dev.portolan.api.ReplyStream;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One subscriber's stream. At most one thread at a time has the turn to signal the subscriber; it may change. */
final class StreamSubscription<E> implements Flow.Subscription, Runnable {
    private final Supplier<? extends ReplyStream<? extends E, ?>> opener;
    private final Predicate<? super E> last;
    private final Executor executor;
    private final InterruptibleWork opening = new InterruptibleWork();
    private final Object lock = new Object();

    /** {@code null} once it must not be signalled any more: cancelled, complete or failed. */
    private Flow.@Nullable Subscriber<? super E> subscriber;

    private @Nullable ReplyStream<? extends E, ?> stream;
    private @Nullable IllegalArgumentException illegalRequest;
    private long demand;

    /** Somebody has the turn, or will have it: the thread that subscribes, or a task of the executor. */
    private boolean taken = true;

    StreamSubscription(
            Supplier<? extends ReplyStream<? extends E, ?>> opener,
            Predicate<? super E> last,
            Executor executor,
            Flow.Subscriber<? super E> subscriber) {
        this.opener = opener;
        this.last = last;
        this.executor = executor;
        this.subscriber = subscriber;
    }

    void start() {
        signal(first -> first.onSubscribe(this));
        // What was asked for meanwhile had to wait, or another thread might have called onNext during onSubscribe.
        if (mayGoOn()) {
            schedule();
        }
    }

    @Override
    public void request(long n) {
        boolean illegal = n <= 0;
        boolean idle;
        synchronized (lock) {
            if (subscriber == null) {
                return;
            }
            if (illegal) {
                illegalRequest = new IllegalArgumentException(
                        "A subscriber must ask for at least one event, but asked for " + n + " (rule 3.9)");
            } else {
                demand = demand > Long.MAX_VALUE - n ? Long.MAX_VALUE : demand + n;
            }
            idle = !taken;
            taken = true;
        }
        if (illegal) {
            shut();
        }
        if (idle) {
            schedule();
        }
    }

    @Override
    public void cancel() {
        if (release() != null) {
            shut();
        }
    }

    /** Reads and hands over what was asked for. */
    @Override
    public void run() {
        while (mayGoOn()) {
            E event;
            try {
                event = read();
            } catch (Throwable e) {
                fail(e);
                return;
            }
            if (event == null) {
                complete();
                return;
            }
            if (!handOver(event)) {
                return;
            }
        }
    }

    /** Whether there is something to do in this turn; if not, the turn is over. */
    private boolean mayGoOn() {
        synchronized (lock) {
            taken = subscriber != null && (demand > 0 || illegalRequest != null);
            return taken;
        }
    }

    private void schedule() {
        try {
            executor.execute(this);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private @Nullable E read() {
        ReplyStream<? extends E, ?> source;
        synchronized (lock) {
            if (illegalRequest != null) {
                throw illegalRequest;
            }
            source = stream;
        }
        return (source != null ? source : open()).next();
    }

    private ReplyStream<? extends E, ?> open() {
        if (!opening.begin()) {
            throw endedBySubscriber();
        }
        ReplyStream<? extends E, ?> opened = null;
        boolean wanted;
        try {
            opened = Objects.requireNonNull(opener.get(), "The port gave no stream");
        } finally {
            wanted = opening.end();
        }
        synchronized (lock) {
            stream = opened;
            wanted = wanted && subscriber != null && illegalRequest == null;
        }
        if (!wanted) {
            opened.close();
            throw endedBySubscriber();
        }
        return opened;
    }

    /** Gets the reading to its end; the subscriber hears of its own mistake instead, or of nothing. */
    private static CancellationException endedBySubscriber() {
        return new CancellationException("Ended by its subscriber");
    }

    /** Whether to go on after this event. */
    private boolean handOver(E event) {
        synchronized (lock) {
            if (illegalRequest != null) {
                return true;
            }
            if (demand < Long.MAX_VALUE) {
                demand--;
            }
        }
        if (!signal(reader -> reader.onNext(event))) {
            return false;
        }
        if (last.test(event)) {
            complete();
            return false;
        }
        return true;
    }

    private void complete() {
        Flow.Subscriber<? super E> reader;
        synchronized (lock) {
            reader = illegalRequest == null ? release() : null;
        }
        if (reader == null) {
            fail(endedBySubscriber());
        } else {
            shut();
            signal(reader, Flow.Subscriber::onComplete);
        }
    }

    private void fail(Throwable failure) {
        Throwable reason;
        Flow.Subscriber<? super E> reader;
        synchronized (lock) {
            reason = illegalRequest != null ? illegalRequest : failure;
            reader = release();
        }
        if (reader != null) {
            shut();
            signal(reader, each -> each.onError(reason));
        }
    }

    /** Lets go of the subscriber, once: who gets it may signal its end. */
    private Flow.@Nullable Subscriber<? super E> release() {
        synchronized (lock) {
            Flow.Subscriber<? super E> released = subscriber;
            subscriber = null;
            return released;
        }
    }

    /** Ends the opening or the reading, whichever is going on, in any thread. */
    private void shut() {
        opening.stop();
        ReplyStream<? extends E, ?> open;
        synchronized (lock) {
            open = stream;
        }
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException e) {
                report(e); // neither cancel nor request may throw
            }
        }
    }

    private interface Signal<E> {
        void to(Flow.Subscriber<? super E> subscriber);
    }

    /** Whether the subscriber took it well. */
    private boolean signal(Signal<E> signal) {
        Flow.Subscriber<? super E> reader;
        synchronized (lock) {
            reader = subscriber;
        }
        return reader != null && signal(reader, signal);
    }

    private boolean signal(Flow.Subscriber<? super E> reader, Signal<E> signal) {
        try {
            signal.to(reader);
            return true;
        } catch (Throwable e) {
            cancel();
            report(e);
            return false;
        }
    }

    private static void report(Throwable e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
}
