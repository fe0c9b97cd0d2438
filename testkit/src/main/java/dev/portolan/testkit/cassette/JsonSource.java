package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON strictly and without loss: numbers keep their spelling, a name that occurs twice is an error, and of each
 * object the line is known where it begins.
 */
final class JsonSource {
    private static final int DEEPEST = 300;

    private final String text;
    private final IdentityHashMap<JsonObject, Integer> lines = new IdentityHashMap<>();
    private int at;
    private int depth;

    JsonSource(String text) {
        this.text = text;
    }

    /** Reads a text that may be something else than JSON; null if it is, or holds no object or array. */
    static @Nullable Object treeOrNull(String text) {
        try {
            Object value = new JsonSource(text).read();
            return value instanceof JsonObject || value instanceof JsonArray ? value : null;
        } catch (IllegalArgumentException otherText) {
            return null;
        }
    }

    /**
     * Reads the one value that the text holds.
     *
     * @throws IllegalArgumentException with line and column, if it holds anything else
     */
    @Nullable Object read() {
        Object value = value();
        skipBlanks();
        if (at < text.length()) {
            throw wrong("the end was expected");
        }
        return value;
    }

    /** The line on which an object begins, from 1. */
    int lineOf(JsonObject object) {
        return lines.getOrDefault(object, 1);
    }

    private @Nullable Object value() {
        skipBlanks();
        if (at >= text.length()) {
            throw wrong("a value was expected");
        }
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private JsonObject object() {
        deeper();
        JsonObject object = new JsonObject();
        lines.put(object, line(at));
        at++;
        if (!skip('}')) {
            do {
                skipBlanks();
                int start = at;
                if (at >= text.length() || text.charAt(at) != '"') {
                    throw wrong("a name in quotes was expected");
                }
                String name = string();
                if (object.has(name)) {
                    at = start;
                    throw wrong("the name \"" + name + "\" occurs twice");
                }
                expect(':');
                object.put(name, value());
            } while (skip(','));
            expect('}');
        }
        depth--;
        return object;
    }

    private JsonArray array() {
        deeper();
        JsonArray array = new JsonArray();
        at++;
        if (!skip(']')) {
            do {
                array.add(value());
            } while (skip(','));
            expect(']');
        }
        depth--;
        return array;
    }

    private void deeper() {
        if (++depth > DEEPEST) {
            throw wrong("no more than " + DEEPEST + " values within one another are read");
        }
    }

    private String string() {
        int start = at++;
        StringBuilder content = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                at = start;
                throw wrong("this text has no end");
            }
            char next = text.charAt(at++);
            if (next == '"') {
                return content.toString();
            }
            if (next < ' ') {
                at--;
                throw wrong("this character must be escaped in a text");
            }
            content.append(next == '\\' ? escaped() : next);
        }
    }

    private char escaped() {
        char kind = at < text.length() ? text.charAt(at++) : ' ';
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> {
                at--;
                throw wrong("this escape is unknown");
            }
        };
    }

    private char hexadecimal() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw wrong("four hexadecimal digits were expected");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private @Nullable Object word(String word, @Nullable Boolean value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value was expected");
        }
        at += word.length();
        return value;
    }

    private JsonLiteral number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits(start);
        }
        if (peek() == '.') {
            at++;
            digits(start);
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits(start);
        }
        return new JsonLiteral(text.substring(start, at));
    }

    private void digits(int start) {
        int first = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == first) {
            at = start;
            throw wrong("a value was expected");
        }
    }

    /** The next character; a blank at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : ' ';
    }

    private boolean skip(char wanted) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!skip(wanted)) {
            throw wrong("'" + wanted + "' was expected");
        }
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private int lastLine;
    private int lastLineAt;

    /** Counts on from where it was asked last. */
    private int line(int position) {
        while (lastLineAt < position) {
            if (text.charAt(lastLineAt++) == '\n') {
                lastLine++;
            }
        }
        return lastLine + 1;
    }

    private IllegalArgumentException wrong(String what) {
        String before = text.substring(0, Math.min(at, text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        String found = at >= text.length()
                ? "the end"
                : text.charAt(at) == '\n' ? "the end of the line" : "'" + text.charAt(at) + "'";
        return new IllegalArgumentException(
                "line " + line + ", column " + column + ": " + what + ", but there is " + found);
    }
}
