package dev.portolan.cost;

import java.util.HexFormat;

/**
 * Writes texts without certain characters, and reads them back: each is written as the escape character and four hexadecimal
 * digits. Halves of characters always are: there is no UTF-8 for them.
 */
final class Escapes {
    /** PostgreSQL has no text with U+0000. The escape character is one that no sane text has, so that texts stay legible. */
    static final Escapes DATABASE = new Escapes('\u001b', "\u0000");

    /** In a text of several: names and values are separated by U+001E and U+001F. */
    static final Escapes TAGS = new Escapes('\u001b', "\u0000\u001e\u001f");

    /** Fields are separated by tabs and lines by line ends. */
    static final Escapes JOURNAL = new Escapes('\\', "\t\n\r\u0000");

    private static final HexFormat HEX = HexFormat.of();

    private final char escape;
    private final String special;

    private Escapes(char escape, String special) {
        this.escape = escape;
        this.special = special;
    }

    String escaped(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == escape || special.indexOf(c) >= 0 || isLoneSurrogate(text, i)) {
                out = out == null ? new StringBuilder(text.length() + 16).append(text, 0, i) : out;
                out.append(escape).append(HEX.toHexDigits((short) c));
            } else if (out != null) {
                out.append(c);
            }
        }
        return out == null ? text : out.toString();
    }

    /**
     * The text as it was.
     *
     * @throws IllegalArgumentException if it was not escaped by this
     */
    String unescaped(String text) {
        int at = text.indexOf(escape);
        if (at < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        while (at >= 0) {
            if (at + 5 > text.length()) {
                throw new IllegalArgumentException("A text ends within an escape");
            }
            out.append(text, from, at).append((char) HexFormat.fromHexDigits(text, at + 1, at + 5));
            from = at + 5;
            at = text.indexOf(escape, from);
        }
        return out.append(text, from, text.length()).toString();
    }

    private static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
