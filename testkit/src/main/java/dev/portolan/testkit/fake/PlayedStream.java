package dev.portolan.testkit.fake;

import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import org.jspecify.annotations.Nullable;

/** A stream that a fake plays, event by event as it is read. */
abstract class PlayedStream<E, R extends Reply> implements ReplyStream<E, R> {
    private final ScriptedFake<?, ?, ?> fake;
    private final CallTime time;
    private @Nullable R response;
    private @Nullable RuntimeException failure;

    PlayedStream(ScriptedFake<?, ?, ?> fake, CallTime time) {
        this.fake = fake;
        this.time = time;
        fake.begun(time);
    }

    /** Goes on to where the answer begins. */
    abstract void untilBegun();

    /** The next event, after whatever time. */
    abstract E read();

    /** The reply, if this is the event that brings it. */
    abstract @Nullable R whole(E event);

    /** To be called before the stream is handed out. */
    final void begin() {
        try {
            untilBegun();
        } catch (Throwable e) {
            fake.ended(time);
            throw e;
        }
        time.answerBegins();
    }

    @Override
    public final @Nullable E next() {
        if (response != null) {
            return null;
        }
        if (failure != null) {
            throw failure;
        }
        try {
            E event = read();
            R reply = whole(event);
            if (reply != null) {
                response = reply;
                fake.ended(time);
            }
            return event;
        } catch (RuntimeException e) {
            failure = e;
            fake.ended(time);
            throw e;
        }
    }

    @Override
    public final R response() {
        while (response == null) {
            next();
        }
        return response;
    }

    @Override
    public final void close() {
        time.end();
        fake.ended(time);
    }
}
