package dev.portolan.cli;

import dev.portolan.api.RawJson;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads options of the form {@code NAME=VALUE}. */
final class NamedValues {
    private NamedValues() {}

    /**
     * Hands on the name and the value of each pair.
     *
     * @param form what the option looks like, for whoever wrote it otherwise
     */
    static void each(String option, String form, List<String> pairs, BiConsumer<String, String> consumer) {
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            // The pair is not quoted: it may be a key that was written in another form.
            if (equals <= 0) {
                throw new IllegalArgumentException(option + ": expected " + form + ", found no name before a '='");
            }
            consumer.accept(pair.substring(0, equals).strip(), pair.substring(equals + 1));
        }
    }

    /** Hands on the fields of {@code --extra NAME=JSON}. */
    static void extras(List<String> pairs, BiConsumer<String, RawJson> consumer) {
        each("--extra", "NAME=JSON", pairs, (name, json) -> consumer.accept(name, json(name, json)));
    }

    private static RawJson json(String name, String json) {
        try {
            return RawJson.parse(json.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--extra " + name + ": " + e.getMessage() + "; a text needs quotes of its own: '" + name
                            + "=\"text\"'",
                    e);
        }
    }
}
