package dev.portolan.api;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A reply that is being made, to be read event by event and closed.
 *
 * <p>A stream that breaks off, or carries an error, throws a {@link dev.portolan.api.error.PortolanException} with what
 * had arrived; it never looks complete. One thread reads a stream; {@link #close()} may be called from any, and to interrupt
 * the reading thread ends the stream too.
 *
 * @param <E> what comes
 * @param <R> the whole reply
 */
public interface ReplyStream<E, R extends Reply> extends Iterable<E>, AutoCloseable {
    /**
     * Waits for the next event.
     *
     * @return the event; {@code null} after the last one
     * @throws dev.portolan.api.error.PortolanException if the stream broke, carried an error, or was closed before its
     *     end; every further call throws the same
     */
    @Nullable E next();

    /**
     * Reads whatever has not been read, and gives the whole reply: the same that a blocking call would have given.
     *
     * @throws dev.portolan.api.error.PortolanException as {@link #next()}
     */
    R response();

    /**
     * The provider's names of the generations that this stream may be charged for: that of the reply, and those of earlier
     * attempts that failed and may be charged. May be asked at any time, also once it is closed, and by any thread. By these a
     * stream that was left is found in the provider's books.
     *
     * @return empty as long as one of them is not known; {@code null} if the stream does not tell, as by default
     */
    default @Nullable List<String> generationIds() {
        return null;
    }

    /**
     * Ends the stream: closes the connection at once if the reply is not complete, which also stops the model where the
     * provider can do that (OpenRouter reference: streaming §7). A thread that waits in {@link #next()} gets a
     * {@link dev.portolan.api.error.CallCancelledException}. Closing again does nothing.
     */
    @Override
    void close();

    /** Ends the stream from any thread; the same as {@link #close()}. */
    default void cancel() {
        close();
    }

    /** The events that have not been read; each call goes on from the same place. */
    @Override
    default Iterator<E> iterator() {
        return new Iterator<>() {
            private @Nullable E ahead;

            @Override
            public boolean hasNext() {
                if (ahead == null) {
                    ahead = ReplyStream.this.next();
                }
                return ahead != null;
            }

            @Override
            public E next() {
                E event = ahead != null ? ahead : ReplyStream.this.next();
                ahead = null;
                if (event == null) {
                    throw new NoSuchElementException("The stream has ended");
                }
                return event;
            }
        };
    }
}
