package dev.portolan.api.chat;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is being written, to be read event by event and closed.
 *
 * <pre>{@code
 * try (ChatStream stream = chat.stream(request)) {
 *     for (ChatEvent event : stream) {
 *         if (event instanceof ChatEvent.TextDelta delta) {
 *             System.out.print(delta.text());
 *         }
 *     }
 *     System.err.println(stream.response().cost());
 * }
 * }</pre>
 *
 * <p>A stream that breaks off, or carries an error, throws a {@link dev.portolan.api.error.PortolanException} with what
 * had arrived; it never looks complete. One thread reads a stream; {@link #close()} may be called from any.
 */
public interface ChatStream extends Iterable<ChatEvent>, AutoCloseable {
    /**
     * Waits for the next event.
     *
     * @return the event; {@code null} after {@link ChatEvent.ResponseFinished}
     * @throws dev.portolan.api.error.PortolanException if the stream broke, carried an error, or was closed before its
     *     end; every further call throws the same
     */
    @Nullable ChatEvent next();

    /**
     * Reads whatever has not been read, and gives the whole answer: the same that a blocking call would have given.
     *
     * @throws dev.portolan.api.error.PortolanException as {@link #next()}
     */
    ChatResponse response();

    /**
     * Ends the stream: closes the connection at once if the answer is not complete, which also stops the model where the
     * provider can do that (streaming.md §7). A thread that waits in {@link #next()} gets a
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
    default Iterator<ChatEvent> iterator() {
        return new Iterator<>() {
            private @Nullable ChatEvent ahead;

            @Override
            public boolean hasNext() {
                if (ahead == null) {
                    ahead = ChatStream.this.next();
                }
                return ahead != null;
            }

            @Override
            public ChatEvent next() {
                ChatEvent event = ahead != null ? ahead : ChatStream.this.next();
                ahead = null;
                if (event == null) {
                    throw new NoSuchElementException("The stream has ended");
                }
                return event;
            }
        };
    }

    /**
     * Hands each piece of the first answer's text to {@code consumer} as it comes, until the answer is complete.
     *
     * @return the whole answer
     * @throws dev.portolan.api.error.PortolanException as {@link #next()}
     */
    default ChatResponse forEachText(Consumer<String> consumer) {
        for (ChatEvent event = next(); event != null; event = next()) {
            if (event instanceof ChatEvent.TextDelta delta && delta.choice() == 0) {
                consumer.accept(delta.text());
            }
        }
        return response();
    }
}
