package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import okio.BufferedSource;

/**
 * Reads a vector straight into a {@code float[]}: from Base64 of little-endian 32-bit floats, or from an array of numbers,
 * whichever the server chose (OpenRouter reference: embeddings §2). Nothing is boxed, and no text is made of either.
 */
final class VectorDecoder {
    private static final int[] SIX_BITS = sixBits();
    private static final int NOT_YET = -2;

    /** The last vector's length: all of a reply have the same. */
    private int expected = 1536;

    private final NumberText number = new NumberText();
    private final byte[] read = new byte[8192];

    /** How far an escape of JSON has been read: 0 outside of one, 1 behind its backslash, 2 to 5 within its number. */
    private int escape;

    private int escapedNumber;

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
        int length = 0;
        try (BufferedSource json = reader.nextSource()) {
            json.skip(1);
            for (int count = json.read(read); count >= 0; count = json.read(read)) {
                for (int i = 0; i < count; i++) {
                    byte c = read[i];
                    if (number.add(c)) {
                        continue;
                    }
                    if (!isEnd(c) || (number.isEmpty() && (c == ',' || length > 0))) {
                        throw notNumbers(path);
                    }
                    if (!number.isEmpty()) {
                        if (length == vector.length) {
                            vector = Arrays.copyOf(vector, Math.max(16, length * 2));
                        }
                        vector[length++] = number.take();
                    }
                }
            }
        } catch (NumberFormatException e) {
            throw notNumbers(path);
        }
        return length == vector.length ? vector : Arrays.copyOf(vector, length);
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
        int length = 0;
        int bits = 0;
        int bitCount = 0;
        int word = 0;
        int wordBytes = 0;
        escape = 0;
        try (BufferedSource json = reader.nextSource()) {
            for (int count = json.read(read); count >= 0; count = json.read(read)) {
                for (int i = 0; i < count; i++) {
                    int c = read[i];
                    if (c == '\\' || escape > 0) {
                        c = escaped(c);
                    }
                    if (c == NOT_YET || c == '"' || c == '=' || c == '\n' || c == '\r') {
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
                            if (length == vector.length) {
                                vector = Arrays.copyOf(vector, Math.max(16, length * 2));
                            }
                            vector[length++] = Float.intBitsToFloat(word);
                            word = 0;
                            wordBytes = 0;
                        }
                    }
                }
            }
        }
        if (wordBytes != 0 || bitCount >= 6) {
            throw new JsonDataException("An embedding's bytes are not whole 32-bit floats at path " + path);
        }
        return length == vector.length ? vector : Arrays.copyOf(vector, length);
    }

    /**
     * Some servers escape the slash, break lines, or write {@code +} and {@code =} by their number.
     *
     * @return the character; {@link #NOT_YET} if more of it has to come; another negative number if it is none
     */
    private int escaped(int c) {
        if (escape == 0) {
            escape = 1;
            return NOT_YET;
        }
        if (escape == 1) {
            escape = c == 'u' ? 2 : 0;
            escapedNumber = 0;
            return switch (c) {
                case 'u' -> NOT_YET;
                case 'n' -> '\n';
                case 'r' -> '\r';
                default -> c;
            };
        }
        escapedNumber = escapedNumber << 4 | Character.digit(c, 16);
        escape = escape == 5 ? 0 : escape + 1;
        return escape == 0 ? Math.max(-1, escapedNumber) : NOT_YET;
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
