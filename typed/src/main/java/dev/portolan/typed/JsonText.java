package dev.portolan.typed;

import dev.portolan.api.RawJson;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the JSON in what a model wrote. */
final class JsonText {
    private static final Pattern FENCE = Pattern.compile("```[A-Za-z0-9]*\\s(.*?)```", Pattern.DOTALL);
    private static final Pattern OBJECT = Pattern.compile("\\{\\s*[\"}]");
    private static final Pattern OBJECT_OR_ARRAY = Pattern.compile("\\{\\s*[\"}]|\\[");

    private JsonText() {}

    /**
     * The text if it is JSON, else the first code fence that is, else the last object between the words: a model thinks aloud first.
     *
     * @param arrays whether an array between the words will do too, if there is no object
     * @return {@code null} if there is none
     */
    static @Nullable String in(String text, boolean arrays) {
        if (isJson(text)) {
            return text;
        }
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            if (isJson(fence.group(1))) {
                return fence.group(1);
            }
        }
        return betweenWords(text, arrays);
    }

    /** What is no JSON as a whole is passed over as a whole: what is in it was meant as a part. */
    private static @Nullable String betweenWords(String text, boolean arrays) {
        String object = null;
        String array = null;
        Matcher start = (arrays ? OBJECT_OR_ARRAY : OBJECT).matcher(text);
        for (int from = 0; start.find(from); ) {
            from = end(text, start.start());
            String found = text.substring(start.start(), from);
            if (!isJson(found)) {
                continue;
            }
            if (found.startsWith("{")) {
                object = found;
            } else {
                array = found;
            }
        }
        return object == null ? array : object;
    }

    /** Behind the bracket that closes the one at the start; the end of the text if there is none. */
    private static int end(String text, int start) {
        int depth = 0;
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i += c == '\\' ? 1 : 0;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i + 1;
            }
        }
        return text.length();
    }

    private static boolean isJson(String text) {
        try {
            RawJson.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
