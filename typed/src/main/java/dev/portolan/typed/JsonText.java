package dev.portolan.typed;

import dev.portolan.api.RawJson;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the JSON in what a model wrote. */
final class JsonText {
    private static final Pattern FENCE = Pattern.compile("```[A-Za-z0-9]*\\s(.*?)```", Pattern.DOTALL);

    private JsonText() {}

    /** The text if it is JSON, else the first code fence that is, else all between the outermost braces; or {@code null}. */
    static @Nullable String in(String text) {
        if (isJson(text)) {
            return text;
        }
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            if (isJson(fence.group(1))) {
                return fence.group(1);
            }
        }
        int start = text.indexOf('{');
        int end = text.lastIndexOf('}');
        return start >= 0 && start < end && isJson(text.substring(start, end + 1))
                ? text.substring(start, end + 1)
                : null;
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
