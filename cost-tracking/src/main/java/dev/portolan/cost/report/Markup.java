package dev.portolan.cost.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Puts HTML and SVG together. Every text and every value goes through {@link #escaped}: nothing from a ledger is markup. */
final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Begins an element. */
    Markup open(String tag, String... namesAndValues) {
        begin(tag, namesAndValues);
        out.append('>');
        open.push(tag);
        return this;
    }

    /** An element without content. */
    Markup empty(String tag, String... namesAndValues) {
        begin(tag, namesAndValues);
        out.append("/>");
        return this;
    }

    /** An element with a text. */
    Markup element(String tag, String text, String... namesAndValues) {
        return open(tag, namesAndValues).text(text).close();
    }

    /** Ends the element that was begun last. */
    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    Markup text(String text) {
        out.append(escaped(text));
        return this;
    }

    /** Ends a line, for whoever reads the source. */
    Markup line() {
        out.append('\n');
        return this;
    }

    /** What is known to be markup, or style. */
    Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    private void begin(String tag, String... namesAndValues) {
        out.append('<').append(tag);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.append(' ')
                    .append(namesAndValues[i])
                    .append("=\"")
                    .append(escaped(namesAndValues[i + 1]))
                    .append('"');
        }
    }

    /** Without characters that mean something in markup, and without those that no document may have. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isHarmful(c) ? 0xfffd : c);
            }
        });
        return escaped.toString();
    }

    /** Control characters, halves of characters, and those that turn the direction of what follows. */
    private static boolean isHarmful(int c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t')
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || (c & 0xfffe) == 0xfffe;
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("Elements are not ended: " + open);
        }
        return out.toString();
    }
}
