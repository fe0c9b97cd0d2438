package dev.portolan.testkit.cassette;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a request was answered.
 *
 * @param status null if it ended before the status came
 * @param after milliseconds from the request until the headers were there; until the end if they never were
 * @param took milliseconds from the request until the end
 */
record RecordedAnswer(
        @Nullable Integer status, long after, long took, Map<String, String> headers, Body body, End end) {
    /** How an answer ended. */
    enum End {
        COMPLETE("complete"),
        /** The connection broke. */
        CUT("cut"),
        /** The client had enough. */
        CANCELLED("cancelled");

        private final String word;

        End(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
