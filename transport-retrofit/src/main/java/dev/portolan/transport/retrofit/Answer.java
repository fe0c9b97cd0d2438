package dev.portolan.transport.retrofit;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.error.PortolanException;
import java.io.IOException;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * An answer that has begun: its status is 2xx, its body has not been read. Read by one thread; {@link #cancel()} may be
 * called from any.
 */
public final class Answer implements AutoCloseable {
    private final Exchange exchange;
    private final Headers headers;
    private final ResponseBody body;
    private final Wire wire;

    Answer(Exchange exchange, Headers headers, ResponseBody body) {
        this.exchange = exchange;
        this.headers = headers;
        this.body = body;
        this.wire = new Wire(body.source(), exchange.sizes().answerBytes());
    }

    /** Reads a value from JSON. */
    public interface JsonDecoder<T> {
        /** Reads one value; need not look for anything behind it. */
        T decode(JsonReader reader) throws IOException;
    }

    /** The value of a header; {@code null} if it was not sent. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Whether the answer is a stream of events; otherwise it should be JSON. */
    public boolean isEventStream() {
        MediaType type = body.contentType();
        return type != null && type.type().equals("text") && type.subtype().equals("event-stream");
    }

    /**
     * Whether the answer begins as a stream of events does, for servers that say neither that it is one nor that it is JSON. Waits
     * for its beginning.
     *
     * @throws PortolanException if the connection breaks
     */
    public boolean beginsWithEvents() {
        if (contentType().endsWith("json")) {
            return false;
        }
        try {
            BufferedSource ahead = body.source().peek();
            SseReader.skipByteOrderMark(ahead);
            while (!ahead.exhausted()) {
                byte first = ahead.readByte();
                if (first > ' ') {
                    return first == 'd' || first == 'e' || first == ':';
                }
            }
            return false;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads the whole body as JSON.
     *
     * @throws PortolanException if the connection breaks or the body is not what the decoder expects
     */
    public <T> T json(JsonDecoder<T> decoder) {
        BufferedSource source = Okio.buffer(wire);
        try (JsonReader reader = JsonReader.of(source)) {
            SseReader.skipByteOrderMark(source);
            return decoder.decode(reader);
        } catch (IOException | JsonDataException e) {
            throw exchange.unreadable(e, wire.broke, headers);
        }
    }

    /** How long the data of a stream may be in all. */
    long maxBytes() {
        return exchange.sizes().answerBytes();
    }

    /** A reader of the body's events. */
    public SseReader events() {
        return new SseReader(body.source(), exchange.sizes().eventBytes());
    }

    /** The exception for an {@code error} member inside this answer. */
    public PortolanException error(RawJson error, @Nullable String generationId, @Nullable Reply partial) {
        return error(error, Map.of(), generationId, partial);
    }

    /** The same, for one that {@code beside} may say more of: some servers write a code or a type there. */
    public PortolanException error(
            RawJson error, Map<String, RawJson> beside, @Nullable String generationId, @Nullable Reply partial) {
        return exchange.errorInside(error, beside, headers, generationId, partial);
    }

    /** The exception for an answer that says it failed, without an {@code error} member. */
    public PortolanException error(String text, @Nullable String generationId, @Nullable Reply partial) {
        return exchange.errorWithoutWords(text, headers, generationId, partial);
    }

    /** The exception for a stream that broke. */
    public PortolanException broken(
            String what, @Nullable Exception e, @Nullable String generationId, @Nullable Reply partial) {
        return exchange.broken(what, e, generationId, partial);
    }

    /** The exception for a body that is JSON but not the one expected. */
    public PortolanException malformed(@Nullable String generationId) {
        return malformed(Exchange.NOT_JSON, generationId, null);
    }

    /** The exception for a body that lacks something: {@code what} it has, to be read after "answered". */
    public PortolanException malformed(String what, @Nullable String generationId, @Nullable Reply partial) {
        return exchange.malformed(what, generationId, partial, null);
    }

    /** Takes the body itself, which is not JSON. */
    public BufferedSource source() {
        return Okio.buffer(wire);
    }

    /** The media type that the server gave; empty if it gave none. */
    public String contentType() {
        MediaType type = body.contentType();
        return type == null ? "" : type.type() + "/" + type.subtype();
    }

    /** The exception for a body that could not be read to its end. */
    public PortolanException unreadable(IOException e) {
        return exchange.unreadable(e, true, headers);
    }

    /** The exception for a call that its caller ended. */
    public PortolanException cancelled(@Nullable String generationId, @Nullable Reply partial) {
        return exchange.cancelled(generationId, partial);
    }

    /** Closes the socket at once, from any thread. The thread that reads gets an exception. */
    public void cancel() {
        exchange.cancel();
    }

    /** Gives the connection back if the body was read to its end, else closes it. Only for the thread that reads. */
    @Override
    public void close() {
        body.close();
    }

    /**
     * Tells a connection that broke from JSON that ends too early, which can come as the same exception; and puts an end to
     * an answer that has none.
     */
    private static final class Wire extends ForwardingSource {
        private final long maxBytes;
        private long left;
        private boolean broke;

        Wire(Source body, long maxBytes) {
            super(body);
            this.maxBytes = maxBytes;
            this.left = maxBytes;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            try {
                long read = super.read(sink, byteCount);
                left -= Math.max(read, 0);
                if (left < 0) {
                    throw new TooLongException("the answer", maxBytes);
                }
                return read;
            } catch (IOException e) {
                broke = true;
                throw e;
            }
        }
    }
}
