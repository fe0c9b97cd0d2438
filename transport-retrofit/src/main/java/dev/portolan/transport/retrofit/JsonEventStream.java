package dev.portolan.transport.retrofit;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonEncodingException;
import com.squareup.moshi.JsonReader;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.error.PortolanException;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A streamed reply off the wire: server-sent events that hold JSON objects, up to {@code [DONE]}. One event is decoded at a
 * time, when the reader asks for more, so that a slow reader slows the socket.
 *
 * @param <E> what comes
 * @param <R> the whole reply
 */
public class JsonEventStream<E, R extends Reply> implements ReplyStream<E, R> {
    private static final ByteString DONE = ByteString.encodeUtf8("[DONE]");

    private final Answer answer;
    private final SseReader events;
    private final Decoder<E, R> decoder;
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable JsonReader chunks;
    private @Nullable R response;
    private @Nullable PortolanException failure;
    private boolean ended;
    private volatile boolean closed;

    /** Reads an answer that has begun; closes it in the end. */
    public JsonEventStream(Answer answer, Decoder<E, R> decoder) {
        this.answer = answer;
        this.events = answer.events();
        this.decoder = decoder;
    }

    /** Puts a reply together from the JSON objects of a stream. */
    public interface Decoder<E, R> {
        /**
         * Reads the next event if it is so like one before that it need not be parsed.
         *
         * @return whether it was read; if not, the stream is as it was
         */
        default boolean repeats(SseReader events) throws IOException {
            return false;
        }

        /** Sees an event that is decoded next. */
        default void sees(Buffer event) throws IOException {}

        /**
         * Reads one object, strictly.
         *
         * @throws PortolanException if it carries an error
         */
        void decode(JsonReader reader) throws IOException;

        /** The next event of what has been read; {@code null} if there is none. */
        @Nullable E poll();

        /**
         * The whole reply, now that the end of the stream has come; adds its last events.
         *
         * @throws PortolanException if it is not whole
         */
        R finish();

        /** Whether the reply is whole although {@code [DONE]} has not come: some endpoints end a stream without it. */
        default boolean endsWithoutDone() {
            return false;
        }

        /** What has been read of the reply; {@code null} if nothing. */
        @Nullable R partial();

        /** The generation's id; {@code null} if it is not known. Asked by any thread. */
        @Nullable String generationId();
    }

    @Override
    public @Nullable E next() {
        while (true) {
            E event = decoder.poll();
            if (event != null || ended) {
                return event;
            }
            if (failure != null) {
                throw failure;
            }
            readChunk();
        }
    }

    @Override
    public R response() {
        while (response == null) {
            next();
        }
        return response;
    }

    @Override
    public List<String> generationIds() {
        String id = decoder.generationId();
        return id == null ? List.of() : List.of(id);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        answer.cancel();
        closeAnswer();
    }

    /** Leaves it to the reading thread if there is one, which closes the answer when it is done. */
    private void closeAnswer() {
        if (reading.tryLock()) {
            try {
                answer.close();
            } finally {
                reading.unlock();
            }
        }
    }

    /** Holds the lock, so that the body is closed by the thread that reads it, or by none. */
    private void readChunk() {
        reading.lock();
        try {
            readLockedChunk();
        } finally {
            reading.unlock();
        }
        if (closed) {
            closeAnswer();
        }
    }

    private void readLockedChunk() {
        try {
            if (!closed && decoder.repeats(events)) {
                checkSize();
                return;
            }
            Buffer data = closed ? null : events.next();
            if (data == null && (closed || !decoder.endsWithoutDone())) {
                throw atEnd();
            } else if (data == null || decode(data)) {
                response = decoder.finish();
                end();
            }
        } catch (IOException | JsonDataException e) {
            fail(unreadable(e));
        } catch (PortolanException e) {
            fail(e);
        }
    }

    /**
     * All chunks go through one reader, because making one for each would cost more than reading. It is lenient between
     * two chunks, which lets it go on after the end of a document, and strict inside them. An event is not skipped, nor
     * the rest of one, because a piece of the answer would be missing then without a word.
     *
     * @return whether it has the end, which some servers join to their last chunk
     */
    private boolean decode(Buffer data) throws IOException {
        checkSize();
        dropSpace(data);
        if (data.size() > 0 && !isDone(data)) {
            decodeObjects(data);
        }
        return isDone(data);
    }

    private void decodeObjects(Buffer data) throws IOException {
        decoder.sees(data);
        if (chunks == null) {
            chunks = JsonReader.of(data);
        }
        do {
            chunks.setLenient(true);
            if (chunks.peek() != JsonReader.Token.BEGIN_OBJECT) {
                throw new JsonDataException("A chunk is not an object");
            }
            decoder.decode(chunks);
            dropSpace(data);
        } while (data.size() > 0 && !isDone(data));
    }

    private void checkSize() throws TooLongException {
        if (events.received() > answer.maxBytes()) {
            throw new TooLongException("the stream", answer.maxBytes());
        }
    }

    private static void dropSpace(Buffer data) throws IOException {
        while (data.size() > 0 && data.getByte(0) <= ' ') {
            data.skip(1);
        }
    }

    private static boolean isDone(Buffer data) {
        return data.size() >= DONE.size() && data.size() < 16 && data.rangeEquals(0, DONE);
    }

    private void end() {
        ended = true;
        closed = true;
        answer.close();
    }

    /** Thrown once the events before it have been read. */
    private void fail(PortolanException e) {
        failure = e;
        closed = true;
        answer.cancel();
        answer.close();
    }

    private PortolanException atEnd() {
        return closed
                ? answer.cancelled(decoder.generationId(), decoder.partial())
                : answer.broken(
                        "it ended without its last event, [DONE]", null, decoder.generationId(), decoder.partial());
    }

    private PortolanException unreadable(Exception e) {
        if (closed) {
            return answer.cancelled(decoder.generationId(), decoder.partial());
        }
        String what = e instanceof JsonDataException || e instanceof JsonEncodingException
                ? "an event is not the JSON expected"
                : e instanceof EOFException ? "it ended inside an event" : String.valueOf(e.getMessage());
        return answer.broken(what, e, decoder.generationId(), decoder.partial());
    }
}
