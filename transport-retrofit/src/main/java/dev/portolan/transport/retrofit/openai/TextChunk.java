package dev.portolan.transport.retrofit.openai;

import dev.portolan.transport.retrofit.SseReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes around the text of a chunk. Most chunks of a stream differ in their text only, and what has the same bytes means
 * the same: so a chunk like the one before need not be parsed, but compared, which costs a tenth. The text of such a chunk has
 * neither escapes nor quotes; any other chunk is parsed. Not thread-safe.
 */
final class TextChunk implements SseReader.Known {
    private static final byte[] NAME = "\"content\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    /** After so many chunks that were all different it is one of those servers that write something new into each. */
    private static final int MOST_MISSES = 8;

    private byte[] before = NOTHING;
    private byte[] after = NOTHING;
    private String text = "";
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

    /** The text of the chunk whose end was found last. */
    String text() {
        return text;
    }

    /** Finds the end of a chunk that has a simple text and is otherwise like the last one learned. */
    @Override
    public int end(byte[] bytes, int from, int to) {
        int begin = before.length == 0 ? OTHER : SseReader.Known.endOf(before, bytes, from, to);
        if (begin < 0) {
            return noted(begin);
        }
        int quote = endOfSimple(bytes, begin, to);
        int end = quote == to ? CUT : SseReader.Known.endOf(after, bytes, quote, to);
        if (end >= 0) {
            text = new String(bytes, begin, quote - begin, StandardCharsets.UTF_8);
        }
        return noted(end);
    }

    private int noted(int end) {
        if (end >= 0) {
            misses = 0;
        } else if (end == OTHER && before.length > 0) {
            misses++;
        }
        return end;
    }

    private static int endOfSimple(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '"' && bytes[end] != '\\' && (bytes[end] < 0 || bytes[end] >= ' ')) {
            end++;
        }
        return end;
    }

    /** Remembers a chunk that says nothing new but {@code text}, if the bytes of the text can be told from the others. */
    void learn(byte[] chunk, int ofChoice, String text) {
        byte[] textBytes = text.getBytes(StandardCharsets.UTF_8);
        int from = beginOfText(chunk);
        int to = from + textBytes.length;
        if (from < 0
                || to >= chunk.length
                || chunk[to] != '"'
                || !Arrays.equals(chunk, from, to, textBytes, 0, textBytes.length)
                || indexOf(chunk, NAME, to) >= 0
                || !isPlain(chunk)) {
            misses++;
            return;
        }
        before = Arrays.copyOf(chunk, from);
        after = Arrays.copyOfRange(chunk, to, chunk.length);
        choice = ofChoice;
    }

    /** Forgets what was learned: a chunk like that would now change something. */
    void forget() {
        before = NOTHING;
    }

    private static int beginOfText(byte[] chunk) {
        int name = indexOf(chunk, NAME, 0);
        int quote = name + NAME.length;
        if (name >= 0 && quote < chunk.length && chunk[quote] == ' ') {
            quote++;
        }
        return name >= 0 && quote < chunk.length && chunk[quote] == '"' ? quote + 1 : -1;
    }

    /** Whether all of it stands in one line as it is meant, without escapes. */
    private static boolean isPlain(byte[] chunk) {
        for (byte c : chunk) {
            if (c == '\\' || (c >= 0 && c < ' ')) {
                return false;
            }
        }
        return true;
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
