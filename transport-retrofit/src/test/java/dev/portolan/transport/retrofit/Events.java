package dev.portolan.transport.retrofit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import okio.Buffer;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/** Reads event streams that come in pieces. */
final class Events {
    static final long NO_LIMIT = 1L << 30;

    private Events() {}

    /**
     * An event and what was known with it.
     *
     * @param data its bytes, one character each, so that bytes that are not UTF-8 stay visible
     */
    record Event(
            String data, @Nullable String event, @Nullable String id, long retryMillis) {
        static Event of(String data) {
            return new Event(oneCharacterEach(data), null, null, -1);
        }
    }

    static String oneCharacterEach(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The events of a stream that comes in one piece. */
    static List<Event> of(String stream) throws IOException {
        return of(stream.getBytes(StandardCharsets.UTF_8), () -> Integer.MAX_VALUE);
    }

    /** The events of a stream of which each read gives as many bytes as {@code sizes} says. */
    static List<Event> of(byte[] stream, IntSupplier sizes) throws IOException {
        return all(reader(stream, sizes, NO_LIMIT));
    }

    static SseReader reader(byte[] stream, IntSupplier sizes, long maxEventBytes) {
        return new SseReader(Okio.buffer(new Pieces(stream, sizes)), maxEventBytes);
    }

    static List<Event> all(SseReader reader) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Buffer data = reader.next(); data != null; data = reader.next()) {
            events.add(new Event(
                    data.readString(StandardCharsets.ISO_8859_1), reader.event(), reader.id(), reader.retryMillis()));
        }
        return events;
    }

    private static final class Pieces implements Source {
        private final byte[] stream;
        private final IntSupplier sizes;
        private int at;

        Pieces(byte[] stream, IntSupplier sizes) {
            this.stream = stream;
            this.sizes = sizes;
        }

        @Override
        public long read(Buffer sink, long byteCount) {
            if (at == stream.length) {
                return -1;
            }
            int size = (int) Math.min(Math.min(byteCount, sizes.getAsInt()), stream.length - at);
            sink.write(Arrays.copyOfRange(stream, at, at + size));
            at += size;
            return size;
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {}
    }
}
