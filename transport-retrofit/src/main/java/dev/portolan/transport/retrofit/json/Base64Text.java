package dev.portolan.transport.retrofit.json;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Reads Base64 in a JSON string, and decodes it while it is read: a large image is never held as text as well. */
public final class Base64Text {
    private static final int STEP = 8192;

    private Base64Text() {}

    /**
     * The bytes.
     *
     * @return {@code null} if the value is no string
     * @throws JsonDataException if it is not Base64
     */
    public static byte @Nullable [] read(JsonReader reader) throws IOException {
        if (reader.peek() != JsonReader.Token.STRING) {
            reader.skipValue();
            return null;
        }
        String path = reader.getPath();
        try (BufferedSource json = reader.nextSource()) {
            return decode(json, path);
        }
    }

    /** Decodes up to the closing quote. Line ends, which JSON escapes, are no Base64 and are left out. */
    static byte[] decode(BufferedSource json, String path) throws IOException {
        Groups groups = new Groups(path);
        Escape escape = new Escape();
        byte[] in = new byte[STEP];
        for (int count = json.read(in); count >= 0; count = json.read(in)) {
            int i = 0;
            while (i < count) {
                int plain = escape.plain(in, i, count);
                groups.add(in, i, plain);
                i += plain;
                if (i < count) {
                    groups.add(escape.next(in[i++]));
                }
            }
        }
        return groups.decoded();
    }

    /** Collects the text into pieces that can be decoded alone, since they are whole groups of four characters. */
    private static final class Groups {
        private final String path;
        private final Buffer decoded = new Buffer();
        private final byte[] text = new byte[STEP];
        private final byte[] bytes = new byte[STEP / 4 * 3];
        private int filled;

        Groups(String path) {
            this.path = path;
        }

        void add(byte[] more, int from, int count) {
            int added = 0;
            while (added < count) {
                int some = Math.min(count - added, STEP - filled);
                System.arraycopy(more, from + added, text, filled, some);
                added += some;
                filled += some;
                decodeIfFull();
            }
        }

        /** Adds a character; none if it is negative. */
        void add(int c) {
            if (c >= 0) {
                text[filled++] = (byte) c;
                decodeIfFull();
            }
        }

        private void decodeIfFull() {
            if (filled == STEP) {
                decode(text);
                filled = 0;
            }
        }

        private void decode(byte[] base64) {
            try {
                decoded.write(bytes, 0, Base64.getDecoder().decode(base64, bytes));
            } catch (IllegalArgumentException e) {
                throw new JsonDataException("Not Base64 at path " + path);
            }
        }

        byte[] decoded() {
            decode(Arrays.copyOf(text, filled));
            return decoded.readByteArray();
        }
    }

    /** Undoes the escapes of JSON: some servers escape the slash, or write {@code +} and {@code =} by their number. */
    private static final class Escape {
        private static final int NOT_BASE64 = '?';

        private boolean escaped;
        private int digits;
        private int number;

        /** How many bytes from here on stand for themselves. */
        int plain(byte[] bytes, int from, int to) {
            int i = from;
            int end = escaped || digits > 0 ? from : to;
            while (i < end && bytes[i] >= 0 && bytes[i] != '\\' && bytes[i] != '"') {
                i++;
            }
            return i - from;
        }

        /** The next character of the text; -1 if there is none yet, or it is white space or the closing quote. */
        int next(byte c) {
            if (digits > 0) {
                number = number << 4 | Character.digit(c, 16);
                digits--;
                return digits > 0 || number == '\n' || number == '\r' ? -1 : inAscii(number);
            }
            if (escaped) {
                escaped = false;
                digits = c == 'u' ? 4 : 0;
                number = 0;
                return c == '/' ? c : -1;
            }
            escaped = c == '\\';
            return escaped || c == '"' ? -1 : inAscii(c);
        }

        private static int inAscii(int c) {
            return c >= 0 && c < 0x80 ? c : NOT_BASE64;
        }
    }
}
