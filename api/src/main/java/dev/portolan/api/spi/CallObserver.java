package dev.portolan.api.spi;

import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;

/**
 * What a {@link CallDecorator} does about one call. Exactly one of {@link #finished}, {@link #failed} and {@link #closed} is
 * called, exactly once, whatever happens to the call; what was taken when the call began can be given back there.
 *
 * <p>Events and replies come on the thread that makes the call or reads the stream. {@link #closed} comes on the thread that
 * closes the stream, which may be another: an event may still be on its way then.
 *
 * <p>An observer should not throw. What it throws is not lost: see the methods.
 */
public interface CallObserver {
    /** Does nothing. A {@link CallDecorator} that begins a call with it stays out of the way of that call. */
    CallObserver NONE = new CallObserver() {
        @Override
        public void finished(Reply reply) {}

        @Override
        public void failed(Throwable failure) {}

        @Override
        public void closed() {}
    };

    /**
     * A stream is there; nothing of it has been read. Blocking calls have none. What this throws ends the call, as with
     * {@link #event}.
     *
     * @param stream may be asked for its {@linkplain ReplyStream#generationIds generation ids} at any time, also when it was
     *     closed; it is not for the observer to read or close
     */
    default void opened(ReplyStream<?, ?> stream) {}

    /**
     * An event of a stream is about to be handed to the reader; the one that brings the reply too. Blocking calls have none.
     * What this throws ends the call: the stream is closed, the reader gets the exception, and it comes to
     * {@link #failed}.
     *
     * @param event a {@link dev.portolan.api.chat.ChatEvent} or an {@link dev.portolan.api.image.ImageEvent}
     */
    default void event(Object event) {}

    /**
     * The call is complete. What this throws goes to the caller; the reply of a stream can still be had.
     *
     * @param reply the whole reply
     */
    void finished(Reply reply);

    /**
     * The call failed, at once or in the middle of a stream. What this throws is added to {@code failure} as suppressed.
     *
     * @param failure what the caller gets: mostly a {@link dev.portolan.api.error.PortolanException}; another exception or
     *     an error where there is a fault in the program
     */
    void failed(Throwable failure);

    /** The stream was closed before its end. The connection has ended by now. What this throws goes to who closes. */
    void closed();
}
