package dev.portolan.typed;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A value that is being written, to be read event by event and closed. The events are those of the model; the value is there when
 * all of it is.
 *
 * <p>If it does not fit, {@link #response()} asks once more, and the events of that answer are not shown. One thread reads;
 * {@link #close()} may be called from any.
 *
 * @param <T> the type of the value
 */
public final class TypedStream<T> implements Iterable<ChatEvent>, AutoCloseable {
    private final ChatPort port;
    private final TypedCall<T> call;
    private final Stoppable work = new Stoppable(this::closed);
    private ChatStream stream;
    private @Nullable TypedResponse<T> value;

    /** Opens it. */
    TypedStream(ChatPort port, TypedCall<T> call) {
        this.port = port;
        this.call = call;
        this.stream = open();
    }

    private ChatStream open() {
        return work.open(() -> port.stream(call.request()));
    }

    private CallCancelledException closed(boolean begun, @Nullable Throwable cause) {
        return new CallCancelledException(
                "The stream was closed",
                begun,
                ErrorDetails.NONE.withModel(call.request().model()),
                cause);
    }

    /**
     * Waits for the next event.
     *
     * @return the event; {@code null} after the last one
     * @throws dev.portolan.api.error.PortolanException as {@link ChatStream#next()}
     */
    public @Nullable ChatEvent next() {
        return value == null ? stream.next() : null;
    }

    /** The events that have not been read; each call goes on from the same place. */
    @Override
    public Iterator<ChatEvent> iterator() {
        return stream.iterator();
    }

    /**
     * Reads whatever has not been read, and gives the value: the same that a blocking call would have given.
     *
     * @throws dev.portolan.api.error.UnusableReplyException if the model refused, was cut, or gave what does not fit
     * @throws dev.portolan.api.error.PortolanException as {@link #next()}
     */
    public TypedResponse<T> response() {
        while (value == null) {
            value = call.read(call.run(() -> stream.response()));
            if (value == null) {
                askAgain();
            }
        }
        return value;
    }

    private void askAgain() {
        work.closeStream();
        stream = call.run(this::open);
    }

    /** Ends the stream, from any thread: closes the connection at once if the answer is not complete, and has none asked for. */
    @Override
    public void close() {
        work.stop();
    }
}
