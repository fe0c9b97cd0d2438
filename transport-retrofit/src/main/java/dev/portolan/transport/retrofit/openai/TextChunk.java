package dev.portolan.transport.retrofit.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes around the text of a chunk. Most chunks of a stream differ in their text only, and what has the same bytes means
 * the same: so a chunk like the one before need not be parsed, but compared, which costs a tenth. The text of such a chunk has
 * neither escapes nor quotes; any other chunk is parsed. Not thread-safe.
 */
final class TextChunk {
    private static final byte[] MARK = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);

    /** After so many chunks that were all different it is one of those servers that write something new into each. */
    private static final int MOST_MISSES = 8;

    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
    private byte[] before = {};
    private byte[] after = {};
    private int choice;
    private int misses;

    /** Whether to learn from a chunk that was not like the one before. */
    boolean learns() {
        return misses < MOST_MISSES;
    }

    /** The answer that the text belongs to. */
    int choice() {
        return choice;
    }

    /** The text of a chunk that is otherwise like the last one learned; {@code null} if it is not, or not simple. */
    @Nullable String textOf(Buffer chunk) {
        if (before.length == 0) {
            return null;
        }
        String text = null;
        try (Buffer.UnsafeCursor bytes = chunk.readUnsafe(cursor)) {
            if (bytes.next() == chunk.size() && bytes.data != null) {
                text = textOf(bytes.data, bytes.start, bytes.end);
            }
        }
        misses = text == null ? misses + 1 : 0;
        return text;
    }

    private @Nullable String textOf(byte[] data, int start, int end) {
        int from = start + before.length;
        int to = end - after.length;
        if (from > to
                || !Arrays.equals(data, start, from, before, 0, before.length)
                || !Arrays.equals(data, to, end, after, 0, after.length)
                || !isSimple(data, from, to)) {
            return null;
        }
        return new String(data, from, to - from, StandardCharsets.UTF_8);
    }

    private static boolean isSimple(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            byte c = data[i];
            if (c == '"' || c == '\\' || (c >= 0 && c < ' ')) {
                return false;
            }
        }
        return true;
    }

    /** Remembers a chunk that says nothing new but {@code text}, if the bytes of the text can be told from the others. */
    void learn(byte[] chunk, int ofChoice, String text) {
        int mark = indexOf(chunk, MARK, 0);
        byte[] textBytes = text.getBytes(StandardCharsets.UTF_8);
        int from = mark + MARK.length;
        int to = from + textBytes.length;
        if (mark < 0
                || to >= chunk.length
                || chunk[to] != '"'
                || !Arrays.equals(chunk, from, to, textBytes, 0, textBytes.length)
                || !isSimple(chunk, from, to)
                || indexOf(chunk, MARK, to) >= 0) {
            return;
        }
        before = Arrays.copyOf(chunk, from);
        after = Arrays.copyOfRange(chunk, to, chunk.length);
        choice = ofChoice;
    }

    private static int indexOf(byte[] data, byte[] wanted, int from) {
        for (int i = from; i <= data.length - wanted.length; i++) {
            if (Arrays.equals(data, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
