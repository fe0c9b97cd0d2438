package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import okio.Buffer;
import okio.BufferedSource;

/**
 * Reads a vector straight into a {@code float[]}: from Base64 of little-endian 32-bit floats, or from an array of numbers,
 * whichever the server chose (embeddings.md §2). Nothing is boxed, and no text is made of either.
 */
final class VectorDecoder {
    private static final int[] SIX_BITS = sixBits();

    /** The last vector's length: all of a reply have the same. */
    private int expected = 1536;

    private final NumberText number = new NumberText();

    float[] decode(JsonReader reader) throws IOException {
        float[] vector;
        switch (reader.peek()) {
            case BEGIN_ARRAY -> vector = numbers(reader);
            case STRING -> vector = base64(reader);
            default ->
                throw new JsonDataException("An embedding is neither Base64 nor numbers at path " + reader.getPath());
        }
        expected = vector.length;
        return vector;
    }

    private float[] numbers(JsonReader reader) throws IOException {
        String path = reader.getPath();
        float[] vector = new float[expected];
        int count = 0;
        try (BufferedSource json = reader.nextSource()) {
            Buffer bytes = json.getBuffer();
            json.skip(1);
            while (!json.exhausted()) {
                byte c = bytes.readByte();
                if (number.add(c)) {
                    continue;
                }
                if (!isEnd(c) || (number.isEmpty() && (c == ',' || count > 0))) {
                    throw notNumbers(path);
                }
                if (!number.isEmpty()) {
                    if (count == vector.length) {
                        vector = Arrays.copyOf(vector, Math.max(16, count * 2));
                    }
                    vector[count++] = number.take();
                }
            }
        } catch (NumberFormatException e) {
            throw notNumbers(path);
        }
        return count == vector.length ? vector : Arrays.copyOf(vector, count);
    }

    private static boolean isEnd(byte c) {
        return c == ',' || c == ']';
    }

    private static JsonDataException notNumbers(String path) {
        return new JsonDataException("An embedding is not an array of numbers at path " + path);
    }

    private float[] base64(JsonReader reader) throws IOException {
        String path = reader.getPath();
        float[] vector = new float[expected];
        int count = 0;
        int bits = 0;
        int bitCount = 0;
        int word = 0;
        int wordBytes = 0;
        try (BufferedSource json = reader.nextSource()) {
            while (!json.exhausted()) {
                int c = json.readByte();
                if (c == '\\') {
                    c = escaped(json);
                }
                if (c == '"' || c == '=' || c == '\n' || c == '\r') {
                    continue;
                }
                int six = c < 0 || c >= SIX_BITS.length ? -1 : SIX_BITS[c];
                if (six < 0) {
                    throw new JsonDataException("An embedding is not Base64 at path " + path);
                }
                bits = (bits << 6) | six;
                bitCount += 6;
                if (bitCount >= 8) {
                    bitCount -= 8;
                    word |= ((bits >>> bitCount) & 0xff) << (8 * wordBytes);
                    if (++wordBytes == 4) {
                        if (count == vector.length) {
                            vector = Arrays.copyOf(vector, Math.max(16, count * 2));
                        }
                        vector[count++] = Float.intBitsToFloat(word);
                        word = 0;
                        wordBytes = 0;
                    }
                }
            }
        }
        if (wordBytes != 0 || bitCount >= 6) {
            throw new JsonDataException("An embedding's bytes are not whole 32-bit floats at path " + path);
        }
        return count == vector.length ? vector : Arrays.copyOf(vector, count);
    }

    /** Some servers escape the slash, break lines, or write {@code +} and {@code =} by their number. */
    private static int escaped(BufferedSource json) throws IOException {
        int c = json.readByte();
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'u' -> number(json);
            default -> c;
        };
    }

    /** Four hexadecimal digits; negative if they are not. */
    private static int number(BufferedSource json) throws IOException {
        int number = 0;
        for (int i = 0; i < 4; i++) {
            number = number << 4 | Character.digit(json.readByte(), 16);
        }
        return number;
    }

    private static int[] sixBits() {
        int[] table = new int[128];
        Arrays.fill(table, -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            table[alphabet.charAt(i)] = i;
        }
        return table;
    }
}
