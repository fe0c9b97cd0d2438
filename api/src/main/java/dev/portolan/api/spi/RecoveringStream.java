package dev.portolan.api.spi;

import dev.portolan.api.Attempt;
import dev.portolan.api.ChargedGenerations;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.Request;
import dev.portolan.api.error.PortolanException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stream that begins anew when it fails before its first event reached the reader. */
abstract class RecoveringStream<Q extends Request, E, R extends Reply> implements ReplyStream<E, R> {
    private final RecoveringCall<Q> call;
    private final Function<Q, ? extends ReplyStream<E, R>> port;
    private final BiFunction<R, List<Attempt>, R> withAttempts;
    private volatile ReplyStream<E, R> current;
    private volatile List<Attempt> failed;
    private final Object opening = new Object();
    private @Nullable Thread opener;
    private boolean closed;
    private boolean begun;
    private @Nullable R response;
    private @Nullable PortolanException failure;

    RecoveringStream(
            RecoveringCall<Q> call,
            Function<Q, ? extends ReplyStream<E, R>> port,
            BiFunction<R, List<Attempt>, R> withAttempts) {
        this.call = call;
        this.port = port;
        this.withAttempts = withAttempts;
        this.current = call.run(port::apply);
        this.failed = call.failed();
    }

    /** The reply, if this is the event that brings it; {@code null} otherwise. */
    abstract @Nullable R finished(E event);

    /** The event that brings the reply. */
    abstract E finish(R reply);

    @Override
    public @Nullable E next() {
        if (failure != null) {
            throw failure;
        }
        while (true) {
            try {
                return handOver(current.next());
            } catch (PortolanException e) {
                beginAnew(e);
            }
        }
    }

    private @Nullable E handOver(@Nullable E event) {
        begun = true;
        R reply = event == null ? null : finished(event);
        if (reply == null) {
            return event;
        }
        R whole = call.answered(reply, withAttempts);
        response = whole;
        return finish(whole);
    }

    private void beginAnew(PortolanException e) {
        current.close();
        if (begun || !mayOpen()) {
            throw end(call.ended(e));
        }
        try {
            call.failed(e);
            current = call.run(port::apply);
            failed = call.failed();
        } catch (PortolanException last) {
            throw end(last);
        } finally {
            opened();
        }
    }

    /** From here to {@link #opened}, closing the stream interrupts this thread, which waits or connects. */
    private boolean mayOpen() {
        synchronized (opening) {
            opener = closed ? null : Thread.currentThread();
            return !closed;
        }
    }

    private void opened() {
        synchronized (opening) {
            opener = null;
            if (closed) {
                Thread.interrupted(); // the interrupt was meant for this stream only
                current.close();
            }
        }
    }

    private PortolanException end(PortolanException e) {
        failure = e;
        return e;
    }

    @Override
    public R response() {
        while (response == null) {
            if (next() == null && response == null) {
                throw new IllegalStateException("The stream ended without a last event that brings the reply");
            }
        }
        return response;
    }

    @Override
    public @Nullable List<String> generationIds() {
        List<String> own = current.generationIds();
        ChargedGenerations earlier = new ChargedGenerations().addFailed(failed);
        if (own == null) {
            return earlier.isEmpty() ? null : List.of();
        }
        return earlier.add(own).ids();
    }

    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            if (opener != null) {
                opener.interrupt();
            }
        }
        current.close();
    }
}
