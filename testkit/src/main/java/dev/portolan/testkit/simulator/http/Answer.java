package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import okio.ByteString;

/** What an endpoint answers: a status, headers, and a body that is whole or is written piece by piece. */
public record Answer(int status, Map<String, String> headers, Body body) {
    /** What comes after the headers. */
    public sealed interface Body {}

    /** A body of known length. */
    public record Whole(ByteString bytes) implements Body {}

    /** A body whose pieces go out one by one, each flushed. */
    public record Streamed(Pieces pieces) implements Body {}

    /** Writes the pieces of one body. */
    public interface Pieces {
        /**
         * Writes them all.
         *
         * @throws ClientGone if the client went away before the end
         */
        void writeTo(AnswerStream stream) throws IOException;
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

    public Answer header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }
}
