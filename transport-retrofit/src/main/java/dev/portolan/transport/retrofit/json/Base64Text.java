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
        Buffer decoded = new Buffer();
        byte[] in = new byte[STEP];
        byte[] group = new byte[STEP];
        byte[] bytes = new byte[STEP / 4 * 3];
        int filled = 0;
        Escape escape = new Escape();
        for (int count = json.read(in); count >= 0; count = json.read(in)) {
            for (int i = 0; i < count; i++) {
                int c = escape.next(in[i]);
                if (c < 0) {
                    continue;
                }
                group[filled++] = (byte) c;
                if (filled == STEP) {
                    decoded.write(bytes, 0, base64(group, bytes, path));
                    filled = 0;
                }
            }
        }
        decoded.write(bytes, 0, base64(Arrays.copyOf(group, filled), bytes, path));
        return decoded.readByteArray();
    }

    /** Undoes the escapes of JSON: some servers escape the slash, or write {@code +} and {@code =} by their number. */
    private static final class Escape {
        private static final int NOT_BASE64 = '?';

        private boolean escaped;
        private int digits;
        private int number;

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

    /** How many bytes the text gave. */
    private static int base64(byte[] text, byte[] bytes, String path) {
        try {
            return Base64.getDecoder().decode(text, bytes);
        } catch (IllegalArgumentException e) {
            throw new JsonDataException("Not Base64 at path " + path);
        }
    }
}
