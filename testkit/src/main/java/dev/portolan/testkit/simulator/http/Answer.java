package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint answers: a status, headers, and a body that is whole or is written piece by piece.
 *
 * @param opening what happens before the first byte goes out
 * @param closing who is told how far it got
 */
public record Answer(int status, Map<String, String> headers, Body body, Opening opening, Closing closing) {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Opening AT_ONCE = line -> {};
    private static final Closing UNHEARD = outcome -> {};

    public Answer(int status, Map<String, String> headers, Body body) {
        this(status, headers, body, AT_ONCE, UNHEARD);
    }

    /** What comes after the headers. */
    public sealed interface Body {}

    /** A body of known length. */
    public record Whole(ByteString bytes) implements Body {}

    /**
     * A body whose pieces go out one by one, each flushed.
     *
     * @param length what {@code Content-Length} promises, or null to send each piece as an HTTP chunk
     */
    public record Streamed(Pieces pieces, @Nullable Long length) implements Body {
        public Streamed(Pieces pieces) {
            this(pieces, null);
        }
    }

    /** Writes the pieces of one body. */
    public interface Pieces {
        /**
         * Writes them all.
         *
         * @throws ClientGone if the client went away before the end
         * @throws AnswerBroken if a fault ends the answer before its end
         */
        void writeTo(AnswerStream stream) throws IOException;
    }

    /** What happens on the line between the request and the answer. */
    public interface Opening {
        /**
         * Lets the answer follow, or throws.
         *
         * @throws ClientGone if the client went away
         */
        void before(ClientLine line) throws IOException;
    }

    /** Is told once, when the last byte has gone out or none will any more. */
    public interface Closing {
        void ended(BillEntry.Outcome outcome);
    }

    public static Answer json(int status, JsonObject body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        return new Answer(status, headers, new Whole(ByteString.encodeUtf8(body.toString())));
    }

    public static Answer bytes(String contentType, ByteString bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType);
        return new Answer(200, headers, new Whole(bytes));
    }

    public static Answer eventStream(Pieces pieces) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/event-stream");
        headers.put("Cache-Control", "no-cache");
        return new Answer(200, headers, new Streamed(pieces));
    }

    /** Refuses what would not arrive as one header; any other value goes out as UTF-8. */
    public static void checkHeader(String name, String value) {
        if (!HEADER_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a header's name is of ASCII letters, digits and some signs such as -, but" + " this is \"" + name
                            + "\"");
        }
        if (value.chars().anyMatch(character -> character != '\t' && Character.isISOControl(character))) {
            throw new IllegalArgumentException("the value of the header " + name + " must be one line of text");
        }
    }

    public Answer header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body, opening, closing);
    }

    public Answer body(Body other) {
        return new Answer(status, headers, other, opening, closing);
    }

    /** Lets this happen before the first byte goes out, after what was to happen already. */
    public Answer after(Opening more) {
        return new Answer(
                status,
                headers,
                body,
                line -> {
                    opening.before(line);
                    more.before(line);
                },
                closing);
    }

    /** Tells this one how far it got. */
    public Answer telling(Closing listener) {
        return new Answer(status, headers, body, opening, listener);
    }

    public boolean isEventStream() {
        return headers.getOrDefault("Content-Type", "").startsWith("text/event-stream");
    }

    public @Nullable String generationId() {
        return headers.get("X-Generation-Id");
    }
}
