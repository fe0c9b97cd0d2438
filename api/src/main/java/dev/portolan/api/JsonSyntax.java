package dev.portolan.api;

import java.util.HexFormat;

/** Checks that a text is one JSON value (RFC 8259), without building anything from it. */
final class JsonSyntax {
    static final int MAX_DEPTH = 200;

    private final String text;
    private int at;

    private JsonSyntax(String text) {
        this.text = text;
    }

    static void check(String text) {
        JsonSyntax syntax = new JsonSyntax(text);
        syntax.space();
        syntax.value(0);
        syntax.space();
        if (syntax.at < text.length()) {
            throw syntax.error("something after the end of the value");
        }
    }

    private void value(int depth) {
        if (depth == MAX_DEPTH && (peek() == '{' || peek() == '[')) {
            throw error("nesting deeper than " + MAX_DEPTH + " levels");
        }
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void object(int depth) {
        at++;
        space();
        if (taken('}')) {
            return;
        }
        do {
            space();
            if (peek() != '"') {
                throw error("expected a member name in double quotes");
            }
            string();
            space();
            expect(':');
            space();
            value(depth + 1);
            space();
        } while (taken(','));
        expect('}');
    }

    private void array(int depth) {
        at++;
        space();
        if (taken(']')) {
            return;
        }
        do {
            space();
            value(depth + 1);
            space();
        } while (taken(','));
        expect(']');
    }

    private void string() {
        at++;
        while (true) {
            char c = next("an unfinished string");
            if (c == '"') {
                return;
            }
            if (c < 0x20) {
                throw errorBefore("an unescaped control character in a string");
            }
            if (c == '\\') {
                char escaped = next("an unfinished string");
                if (escaped == 'u') {
                    for (int i = 0; i < 4; i++) {
                        if (!HexFormat.isHexDigit(next("an unfinished string"))) {
                            throw errorBefore("a bad \\u escape");
                        }
                    }
                } else if ("\"\\/bfnrt".indexOf(escaped) < 0) {
                    throw errorBefore("a bad escape in a string");
                }
            }
        }
    }

    private void number() {
        taken('-');
        if (!taken('0')) {
            digits();
        }
        if (taken('.')) {
            digits();
        }
        if (taken('e') || taken('E')) {
            if (!taken('+')) {
                taken('-');
            }
            digits();
        }
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw error("expected a JSON value");
        }
    }

    private void word(String word) {
        if (!text.startsWith(word, at)) {
            throw error("expected a JSON value");
        }
        at += word.length();
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw error("the text ends too early");
        }
        return text.charAt(at);
    }

    private char next(String problem) {
        if (at >= text.length()) {
            throw error(problem);
        }
        return text.charAt(at++);
    }

    private boolean taken(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!taken(c)) {
            throw error("expected '" + c + "'");
        }
    }

    /** For a character that was read already. */
    private IllegalArgumentException errorBefore(String problem) {
        at--;
        return error(problem);
    }

    private IllegalArgumentException error(String problem) {
        return new IllegalArgumentException("Not a JSON value: " + problem + " at offset " + at);
    }
}
