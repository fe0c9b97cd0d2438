package dev.portolan.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value as text, exactly as it was read or will be sent: an option that has no typed field yet, a JSON schema,
 * or something a server sent that this library does not model.
 *
 * <p>The text is known to be well-formed JSON (RFC 8259); the library never rewrites it, so numbers keep every digit and
 * objects keep the order of their members. Read it with the JSON library of your choice.
 *
 * <p>Immutable and thread-safe. Two values are equal when their texts are.
 */
public final class RawJson {
    /** The JSON value {@code null}. */
    public static final RawJson NULL = new RawJson("null");

    private final String text;

    private RawJson(String text) {
        this.text = text;
    }

    /**
     * Takes JSON text as it is, after checking it.
     *
     * @param text one JSON value, white space around it allowed; nested at most {@value JsonSyntax#MAX_DEPTH} deep
     * @throws IllegalArgumentException if the text is not one well-formed JSON value; the message names the offset, in
     *     characters, but never quotes the text
     */
    public static RawJson parse(String text) {
        JsonSyntax.check(text);
        return new RawJson(text);
    }

    /**
     * Writes a Java value as JSON.
     *
     * @param value {@code null}, a {@link RawJson}, a {@link CharSequence}, a {@link Boolean}, a finite {@link Number},
     *     an {@link Enum} (its name), or a {@link Map} with string keys, an {@link Iterable} or an object array of these;
     *     members keep the order in which the map gives them
     * @throws IllegalArgumentException if the value, or one inside it, is of another type, a number is not finite, or the
     *     nesting is deeper than {@value JsonSyntax#MAX_DEPTH}
     */
    public static RawJson of(@Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        if (value instanceof RawJson json) {
            return json;
        }
        StringBuilder out = new StringBuilder();
        write(out, value, 0);
        return parse(out.toString());
    }

    /** The JSON text. */
    public String text() {
        return text;
    }

    /** Whether this is the JSON value {@code null}. */
    public boolean isNull() {
        return text.strip().equals("null");
    }

    private static void write(StringBuilder out, @Nullable Object value, int depth) {
        if (depth > JsonSyntax.MAX_DEPTH) {
            throw new IllegalArgumentException("JSON value is nested deeper than " + JsonSyntax.MAX_DEPTH
                    + " levels; is a map or list contained in itself?");
        }
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof RawJson json) {
            out.append(json.text);
        } else if (value instanceof CharSequence chars) {
            writeString(out, chars);
        } else if (value instanceof Number number) {
            out.append(numberText(number));
        } else if (value instanceof Enum<?> constant) {
            writeString(out, constant.name());
        } else if (value instanceof Map<?, ?> map) {
            writeObject(out, map, depth);
        } else if (value instanceof Iterable<?> items) {
            writeArray(out, items, depth);
        } else if (value instanceof Object[] items) {
            writeArray(out, java.util.Arrays.asList(items), depth);
        } else {
            throw new IllegalArgumentException(
                    "Cannot write a " + value.getClass().getName()
                            + " as JSON; use a String, Number, Boolean, Map, List, null or RawJson.parse(text)");
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ?> map, int depth) {
        char separator = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof CharSequence name)) {
                throw new IllegalArgumentException("A JSON object needs string keys, found " + entry.getKey());
            }
            out.append(separator);
            writeString(out, name);
            out.append(':');
            write(out, entry.getValue(), depth + 1);
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private static void writeArray(StringBuilder out, Iterable<?> items, int depth) {
        char separator = '[';
        for (Object item : items) {
            out.append(separator);
            write(out, item, depth + 1);
            separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    private static String numberText(Number number) {
        if (number instanceof Double || number instanceof Float) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException("JSON has no number " + number + "; use a finite one");
            }
            return number.toString();
        }
        if (number instanceof BigDecimal
                || number instanceof BigInteger
                || number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte) {
            return number.toString();
        }
        return new BigDecimal(number.toString()).toString();
    }

    private static void writeString(StringBuilder out, CharSequence chars) {
        out.append('"');
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || isLoneSurrogate(chars, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Half of a character: it cannot be written in UTF-8, but as an escape. */
    private static boolean isLoneSurrogate(CharSequence chars, int i) {
        char c = chars.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == chars.length() || !Character.isLowSurrogate(chars.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(chars.charAt(i - 1)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawJson json && json.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return text;
    }
}
