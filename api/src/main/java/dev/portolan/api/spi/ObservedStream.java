package dev.portolan.api.spi;

import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A stream whose observer is told of every event, and once how it ended. */
abstract class ObservedStream<E, R extends Reply> implements ReplyStream<E, R> {
    private final ReplyStream<E, R> stream;
    private final CallObserver observer;
    private final AtomicBoolean ended = new AtomicBoolean();
    private @Nullable R response;
    private @Nullable RuntimeException stopped;

    ObservedStream(ReplyStream<E, R> stream, CallObserver observer) {
        this.stream = stream;
        this.observer = observer;
    }

    /** The reply, if this is the event that brings it; {@code null} otherwise. */
    abstract @Nullable R finished(E event);

    @Override
    public @Nullable E next() {
        if (stopped != null) {
            throw stopped;
        }
        E event = read();
        if (event != null) {
            tell(event);
            R reply = finished(event);
            if (reply != null) {
                finish(reply);
            }
        } else if (response == null && !ended.get()) {
            finish(whole());
        }
        return event;
    }

    private @Nullable E read() {
        try {
            return stream.next();
        } catch (Throwable e) {
            fail(e);
            throw e;
        }
    }

    /** For a stream that ends without the event that brings the reply. */
    private R whole() {
        try {
            return stream.response();
        } catch (Throwable e) {
            fail(e);
            throw e;
        }
    }

    private void tell(E event) {
        try {
            observer.event(event);
        } catch (RuntimeException e) {
            stopped = e;
            stop(e);
            throw e;
        } catch (Error e) {
            stop(e);
            throw e;
        }
    }

    private void stop(Throwable reason) {
        try {
            stream.close();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        } finally {
            fail(reason);
        }
    }

    private void finish(R reply) {
        response = reply;
        if (ended.compareAndSet(false, true)) {
            observer.finished(reply);
        }
    }

    private void fail(Throwable failure) {
        if (ended.compareAndSet(false, true)) {
            CallDecorator.tellFailure(observer, failure);
        }
    }

    @Override
    public R response() {
        while (response == null) {
            if (next() == null && response == null) {
                return stream.response();
            }
        }
        return response;
    }

    @Override
    public @Nullable List<String> generationIds() {
        return stream.generationIds();
    }

    /** Claims the end first, so that a reader that is thrown out by this does not tell of a failure. */
    @Override
    public void close() {
        boolean early = ended.compareAndSet(false, true);
        try {
            stream.close();
        } finally {
            if (early) {
                observer.closed();
            }
        }
    }
}
