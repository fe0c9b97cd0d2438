package dev.portolan.cost;

import java.util.LinkedHashMap;
import java.util.Map;

/** All tags of a call as one text, in their order, so that a database can look for one of them in it. */
final class TagText {
    private static final char BEFORE_NAME = '\u001e';
    private static final char BEFORE_VALUE = '\u001f';

    private TagText() {}

    static String write(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        tags.forEach((name, value) -> append(text, name, value));
        return text.append(BEFORE_NAME).toString();
    }

    static Map<String, String> read(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (int at = 0, end = text.indexOf(BEFORE_NAME, 1);
                end > 0;
                at = end, end = text.indexOf(BEFORE_NAME, at + 1)) {
            int middle = text.indexOf(BEFORE_VALUE, at);
            tags.put(
                    Escapes.TAGS.unescaped(text.substring(at + 1, middle)),
                    Escapes.TAGS.unescaped(text.substring(middle + 1, end)));
        }
        return tags;
    }

    /** What the text of a call with this tag has in it, and of no other. */
    static String part(String name, String value) {
        StringBuilder text = new StringBuilder();
        append(text, name, value);
        return text.append(BEFORE_NAME).toString();
    }

    private static void append(StringBuilder text, String name, String value) {
        text.append(BEFORE_NAME)
                .append(Escapes.TAGS.escaped(name))
                .append(BEFORE_VALUE)
                .append(Escapes.TAGS.escaped(value));
    }
}
