package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Writes JSON, always the same for the same tree. */
final class JsonPrint {
    /** What is no longer than this stands on one line. */
    private static final int WIDTH = 100;

    /** A value that stands on one line, however long it is. */
    record OneLine(@Nullable Object value) {}

    private final StringBuilder out = new StringBuilder();
    private final String comma;
    private final String colon;
    private final int limit;

    private JsonPrint(String comma, String colon, int limit) {
        this.comma = comma;
        this.colon = colon;
        this.limit = limit;
    }

    /** Without a blank, as most servers write it. */
    static String compact(@Nullable Object value) {
        JsonPrint print = new JsonPrint(",", ":", Integer.MAX_VALUE);
        print.flat(value);
        return print.out.toString();
    }

    /** Short values on one line, longer ones on several. */
    static String pretty(@Nullable Object value) {
        return indented(value, WIDTH);
    }

    /** Each member and item on a line of its own, so that a change of one changes one line. */
    static String spread(@Nullable Object value) {
        return indented(value, 0);
    }

    private static String indented(@Nullable Object value, int width) {
        StringBuilder out = new StringBuilder();
        indented(out, value, "", width);
        return out.toString();
    }

    private static void indented(StringBuilder out, @Nullable Object value, String indent, int width) {
        String line = onOneLine(value, width - indent.length());
        if (line != null) {
            out.append(line);
        } else if (value instanceof JsonArray array) {
            if (array.items().stream().allMatch(Number.class::isInstance)) {
                filled(out, array, indent);
                return;
            }
            String separator = "[\n";
            for (Object item : array.items()) {
                out.append(separator).append(indent).append("  ");
                indented(out, item, indent + "  ", width);
                separator = ",\n";
            }
            out.append('\n').append(indent).append(']');
        } else if (value instanceof JsonObject object) {
            String separator = "{\n";
            for (String name : object.names()) {
                out.append(separator).append(indent).append("  ");
                string(out, name);
                out.append(": ");
                indented(out, object.get(name), indent + "  ", width);
                separator = ",\n";
            }
            out.append('\n').append(indent).append('}');
        } else {
            throw new IllegalArgumentException("not a JSON value: " + value);
        }
    }

    /** Numbers only, as in a vector: as many on a line as fit. */
    private static void filled(StringBuilder out, JsonArray numbers, String indent) {
        out.append('[');
        int column = WIDTH;
        String separator = "";
        for (Object number : numbers.items()) {
            String text = String.valueOf(number);
            out.append(separator);
            if (column + text.length() + 2 > WIDTH) {
                out.append('\n').append(indent).append("  ");
                column = indent.length() + 2;
            } else {
                out.append(' ');
            }
            out.append(text);
            column += text.length() + 2;
            separator = ",";
        }
        out.append('\n').append(indent).append(']');
    }

    private static @Nullable String onOneLine(@Nullable Object value, int room) {
        boolean nested = (value instanceof JsonArray array && !array.isEmpty())
                || (value instanceof JsonObject object && !object.names().isEmpty());
        JsonPrint print = new JsonPrint(", ", ": ", nested ? room : Integer.MAX_VALUE);
        return print.flat(value) ? print.out.toString() : null;
    }

    /** Writes on one line; false, and half done, if that is longer than the limit. */
    private boolean flat(@Nullable Object value) {
        if (value instanceof OneLine one) {
            return flat(one.value());
        } else if (value instanceof JsonArray array) {
            out.append('[');
            String separator = "";
            for (Object item : array.items()) {
                out.append(separator);
                if (!flat(item)) {
                    return false;
                }
                separator = comma;
            }
            out.append(']');
        } else if (value instanceof JsonObject object) {
            out.append('{');
            String separator = "";
            for (String name : object.names()) {
                out.append(separator);
                string(out, name);
                out.append(colon);
                if (!flat(object.get(name))) {
                    return false;
                }
                separator = comma;
            }
            out.append('}');
        } else if (value instanceof String text) {
            string(out, text);
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            out.append(value);
        } else {
            throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
        return out.length() <= limit;
    }

    /** Escapes as little as it can, as JSON.stringify of JavaScript. */
    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLone(text, i)) {
                        out.append("\\u").append(String.format("%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Half of a surrogate pair, which UTF-8 cannot write. */
    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
