package dev.portolan.testkit.cassette;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the pieces of a stream are told apart. */
enum StreamKind {
    /** Server-sent events: a piece ends with an empty line. */
    EVENTS("events"),
    /** JSON values, each on a line. */
    LINES("lines");

    private final String word;

    StreamKind(String word) {
        this.word = word;
    }

    /** The name of the member that holds the pieces. */
    String word() {
        return word;
    }

    static @Nullable StreamKind of(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
        return switch (type) {
            case "text/event-stream" -> EVENTS;
            case "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                    "application/x-jsonlines",
                    "application/stream+json" -> LINES;
            default -> null;
        };
    }
}
