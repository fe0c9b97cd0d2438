package dev.portolan.testkit.cassette;

import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a stream.
 *
 * @param at milliseconds from the request until the last byte of the piece was there
 */
record StreamPiece(long at, Content content) {
    sealed interface Content {}

    /**
     * An event of one line of data.
     *
     * @param event its name, or null if it has none
     * @param data an object or array, or any other text as it was
     */
    record Event(@Nullable String event, Object data) implements Content {}

    record Comment(String text) implements Content {}

    /** A JSON value on a line. */
    record Line(Object json) implements Content {}

    /** Anything else, such as the beginning of an event whose end never came. */
    record Other(String text) implements Content {}

    record Binary(ByteString bytes) implements Content {}

    ByteString bytes(String newline) {
        if (content instanceof Event event) {
            String name = event.event() == null ? "" : "event: " + event.event() + newline;
            String data = event.data() instanceof String text ? text : JsonPrint.compact(event.data());
            return utf8(name + "data: " + data + newline + newline);
        } else if (content instanceof Comment comment) {
            return utf8(": " + comment.text() + newline + newline);
        } else if (content instanceof Line line) {
            return utf8(JsonPrint.compact(line.json()) + newline);
        } else if (content instanceof Other other) {
            return utf8(other.text());
        } else {
            return ((Binary) content).bytes();
        }
    }

    private static ByteString utf8(String text) {
        return ByteString.encodeUtf8(text);
    }
}
