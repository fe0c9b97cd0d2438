package dev.portolan.provider.openrouter;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.portolan.api.chat.Media;
import java.io.IOException;
import java.util.Base64;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads the URL of an image. A data URL is decoded while it is read, so that a large image is never held as text as well.
 */
final class DataUrlReader {
    private static final ByteString DATA_URL = ByteString.encodeUtf8("\"data:");
    private static final ByteString BASE64 = ByteString.encodeUtf8(";base64");
    private static final int MAX_HEADER = 256;
    private static final int STEP = 8192;

    private DataUrlReader() {}

    /** The image; {@code null} if there is no URL. */
    static @Nullable Media read(JsonReader reader) throws IOException {
        if (reader.peek() != JsonReader.Token.STRING) {
            reader.skipValue();
            return null;
        }
        String path = reader.getPath();
        try (BufferedSource json = reader.nextSource()) {
            if (!json.rangeEquals(0, DATA_URL)) {
                return url(json);
            }
            long comma = json.indexOf((byte) ',', 0, MAX_HEADER);
            if (comma < 0 || !json.rangeEquals(comma - BASE64.size(), BASE64)) {
                return url(json);
            }
            json.skip(DATA_URL.size());
            String mediaType = json.readUtf8(comma - DATA_URL.size()).replace("\\/", "/");
            json.skip(1);
            return new Media.Bytes(decode(json, path), mediaType.substring(0, mediaType.indexOf(';')));
        }
    }

    private static @Nullable Media url(BufferedSource json) throws IOException {
        try (JsonReader text = JsonReader.of(json)) {
            String url = text.nextString();
            return url.isBlank() ? null : Media.url(url);
        }
    }

    /** Decodes up to the closing quote. Line ends, which JSON escapes, are no Base64 and are left out. */
    private static byte[] decode(BufferedSource json, String path) throws IOException {
        Buffer decoded = new Buffer();
        byte[] in = new byte[STEP];
        byte[] group = new byte[STEP];
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
                    decoded.write(base64(group, filled, path));
                    filled = 0;
                }
            }
        }
        decoded.write(base64(group, filled, path));
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

    private static byte[] base64(byte[] text, int length, String path) {
        try {
            return Base64.getDecoder().decode(length == text.length ? text : java.util.Arrays.copyOf(text, length));
        } catch (IllegalArgumentException e) {
            throw new JsonDataException("An image is not Base64 at path " + path);
        }
    }
}
