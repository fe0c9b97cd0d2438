package dev.portolan.transport.retrofit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of server-sent events (the WHATWG event stream format; OpenRouter reference: streaming §1) straight
 * off the response's buffer: the data of an event is moved, not copied into strings.
 *
 * <p>Takes LF, CR and CRLF as line ends, in any mixture and cut at any byte; drops a byte order mark, comments and unknown
 * fields; joins several {@code data} lines with LF. A line that is a JSON object is data, and so is one whose field is
 * {@code error}, as the member of that name: some servers write errors like this where they do not keep to the format. A last
 * event that no empty line follows is given too, so that a stream cut right after its last line is not lost. Not thread-safe.
 */
public final class SseReader {
    private static final ByteString LINE_ENDS = ByteString.encodeUtf8("\r\n");
    private static final ByteString BYTE_ORDER_MARK = ByteString.decodeHex("efbbbf");
    private static final ByteString DATA = ByteString.encodeUtf8("data");
    private static final ByteString EVENT = ByteString.encodeUtf8("event");
    private static final ByteString ID = ByteString.encodeUtf8("id");
    private static final ByteString RETRY = ByteString.encodeUtf8("retry");
    private static final ByteString ERROR = ByteString.encodeUtf8("error");

    private static final byte[] DATA_LINE = ascii("data: ");
    private static final byte[] EMPTY_LINE = ascii("\n\n");
    private static final byte[] EMPTY_LINE_OF_RETURNS = ascii("\r\n\r");

    private final BufferedSource source;
    private final Buffer buffer;
    private final long maxEventBytes;
    private final Buffer data = new Buffer();
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
    private long received;
    private boolean begun;
    private boolean hasData;
    private boolean skipLineFeed;
    private boolean ended;
    private @Nullable String event;
    private @Nullable String id;
    private long retryMillis = -1;

    /**
     * Reads from {@code source}, which the caller closes.
     *
     * @param maxEventBytes the most bytes that one line may have together with the data of its event before it
     */
    public SseReader(BufferedSource source, long maxEventBytes) {
        this.source = source;
        this.buffer = source.getBuffer();
        this.maxEventBytes = maxEventBytes;
    }

    /** Knows some data by its bytes, so that the lines of its event need not be looked for. */
    public interface Known {
        /** In place of an end: it is other data. */
        int OTHER = -1;

        /** In place of an end: there is too little of it to say. */
        int CUT = -2;

        /**
         * Looks at the data that begins at {@code from}.
         *
         * @param to the end of what has come, which may be before or behind the end of the data
         * @return where the data ends, {@link #OTHER} or {@link #CUT}
         */
        int end(byte[] bytes, int from, int to);

        /** Where {@code wanted} ends if the bytes begin with it; else {@link #OTHER} or {@link #CUT}. */
        static int endOf(byte[] wanted, byte[] bytes, int from, int to) {
            int size = Math.min(wanted.length, to - from);
            if (!Arrays.equals(bytes, from, from + size, wanted, 0, size)) {
                return OTHER;
            }
            return size == wanted.length ? from + size : CUT;
        }
    }

    /**
     * Waits for the next event, and drops it if it is a single line of data that is known. Else it is what {@link #next} gives.
     *
     * @return whether it was dropped
     * @throws IOException if the connection fails
     */
    public boolean skip(Known known) throws IOException {
        begin();
        int length;
        do {
            dropLineFeed();
            length = length(known);
        } while (length == Known.CUT && source.request(buffer.size() + 1));
        if (length < 0) {
            return false;
        }
        buffer.skip(length);
        return true;
    }

    /** The length of the event with its empty line. */
    private int length(Known known) {
        try (Buffer.UnsafeCursor first = buffer.readUnsafe(cursor)) {
            first.next();
            byte[] bytes = first.data;
            if (bytes == null) {
                return Known.CUT;
            }
            int end = end(known, bytes, first.start, first.end);
            if (end >= 0) {
                return end - first.start;
            }
            boolean goesOn = first.end - first.start < buffer.size();
            return goesOn ? Known.OTHER : end;
        }
    }

    private int end(Known known, byte[] bytes, int from, int to) {
        int begin = Known.endOf(DATA_LINE, bytes, from, to);
        int end = begin < 0 ? begin : known.end(bytes, begin, to);
        if (end < 0) {
            return end;
        }
        if (end - from > maxEventBytes) {
            return Known.OTHER;
        }
        int next = Known.endOf(EMPTY_LINE, bytes, end, to);
        if (next == Known.OTHER) {
            next = Known.endOf(EMPTY_LINE_OF_RETURNS, bytes, end, to);
            skipLineFeed = next >= 0;
        }
        received += next < 0 ? 0 : end - begin;
        return next;
    }

    /**
     * Waits for the next event that has data, and drops what is left of the one before.
     *
     * @return its data; {@code null} at the end of the stream. The same buffer each time
     * @throws TooLongException if an event or a line is too long
     * @throws IOException if the connection fails
     */
    public @Nullable Buffer next() throws IOException {
        data.clear();
        hasData = false;
        event = null;
        while (!ended) {
            long length = lineLength();
            if (length == 0 && !ended) {
                endLine(0);
                if (hasData) {
                    return data;
                }
                event = null;
            } else {
                line(length);
            }
        }
        return hasData ? takeLast() : null;
    }

    private Buffer takeLast() {
        hasData = false;
        return data;
    }

    /** How many bytes all data had so far, that of skipped events included. */
    public long received() {
        return received;
    }

    /** The {@code event} field of the event last given; {@code null} if it had none. */
    public @Nullable String event() {
        return event;
    }

    /** The last {@code id} field so far; {@code null} if there was none. */
    public @Nullable String id() {
        return id;
    }

    /** The last {@code retry} field so far, in milliseconds; -1 if there was none. */
    public long retryMillis() {
        return retryMillis;
    }

    /** The length of the next line without its end; reads on until it is all there. */
    private long lineLength() throws IOException {
        begin();
        long scanned = 0;
        while (true) {
            dropLineFeed();
            long end = buffer.indexOfElement(LINE_ENDS, scanned);
            scanned = end >= 0 ? end : buffer.size();
            if (scanned + data.size() > maxEventBytes) {
                throw new TooLongException("an event", maxEventBytes);
            }
            if (end >= 0) {
                return end;
            }
            if (!source.request(scanned + 1)) {
                ended = true;
                return buffer.size();
            }
        }
    }

    /** The one that belongs to the carriage return before, if it has come. */
    private void dropLineFeed() throws IOException {
        if (skipLineFeed && buffer.size() > 0) {
            skipLineFeed = false;
            if (buffer.getByte(0) == '\n') {
                buffer.skip(1);
            }
        }
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            skipByteOrderMark(source);
        }
    }

    /** Drops one that a text begins with. */
    static void skipByteOrderMark(BufferedSource source) throws IOException {
        if (source.rangeEquals(0, BYTE_ORDER_MARK)) {
            source.skip(BYTE_ORDER_MARK.size());
        }
    }

    private void line(long length) throws IOException {
        if (length == 0) {
            return;
        }
        if (buffer.getByte(0) == ':') {
            endLine(length);
        } else if (isField(DATA, length)) {
            data(prefix(DATA, length), length);
        } else if (isField(EVENT, length)) {
            event = value(EVENT, length);
        } else if (isField(ID, length)) {
            id = value(ID, length);
        } else if (isField(RETRY, length)) {
            retry(value(RETRY, length));
        } else if (buffer.getByte(0) == '{') {
            data(0, length);
        } else if (isField(ERROR, length) && isObject(prefix(ERROR, length), length)) {
            error(prefix(ERROR, length), length);
        } else {
            endLine(length);
        }
    }

    private boolean isField(ByteString name, long length) {
        int size = name.size();
        return length >= size && (length == size || buffer.getByte(size) == ':') && buffer.rangeEquals(0, name);
    }

    /** How many bytes stand before the value: name, colon, and one space if there is one. */
    private long prefix(ByteString name, long length) {
        int size = name.size();
        if (length == size) {
            return size;
        }
        return length > size + 1 && buffer.getByte(size + 1) == ' ' ? size + 2 : size + 1;
    }

    private boolean isObject(long prefix, long length) {
        return prefix < length && buffer.getByte(prefix) == '{';
    }

    private void error(long prefix, long length) throws IOException {
        beginData();
        data.writeUtf8("{\"error\":");
        move(prefix, length);
        data.writeByte('}');
    }

    private void data(long prefix, long length) throws IOException {
        beginData();
        move(prefix, length);
    }

    private void beginData() {
        if (hasData) {
            data.writeByte('\n');
        }
        hasData = true;
    }

    /** Takes what stands behind the prefix into the data. */
    private void move(long prefix, long length) throws IOException {
        buffer.skip(prefix);
        data.write(buffer, length - prefix);
        received += length - prefix;
        endLine(0);
    }

    private String value(ByteString name, long length) throws IOException {
        long prefix = prefix(name, length);
        buffer.skip(prefix);
        String value = buffer.readUtf8(length - prefix);
        endLine(0);
        return value;
    }

    private void retry(String millis) {
        if (!millis.isEmpty() && millis.length() < 10 && millis.chars().allMatch(c -> c >= '0' && c <= '9')) {
            retryMillis = Long.parseLong(millis);
        }
    }

    /** Drops what is left of the line, and its end. A line feed that belongs to a carriage return may come later. */
    private void endLine(long left) throws IOException {
        buffer.skip(left);
        if (buffer.size() > 0) {
            skipLineFeed = buffer.readByte() == '\r';
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
