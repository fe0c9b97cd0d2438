package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.http.SecretNames;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A request without its secrets.
 *
 * @param path the whole path, without the query
 * @param query as in the address; empty if there is none
 * @param headers those that are kept, in order of their names
 */
record RecordedRequest(String method, String path, String query, Map<String, String> headers, Body body) {
    static RecordedRequest of(ReceivedRequest received, Scrubber scrubber, Set<String> keptHeaders) {
        String target = received.request().path();
        String contentType = received.header("Content-Type").orElse("");
        Map<String, String> headers = new LinkedHashMap<>();
        received.request().headers().forEach((name, values) -> {
            if (keptHeaders.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(
                        name,
                        SecretNames.besideBody(name)
                                ? Scrubber.MARK
                                : scrubber.text(withoutBoundary(String.join(", ", values))));
            }
        });
        return new RecordedRequest(
                received.request().method(),
                scrubber.text(target.split("[?#]", 2)[0]),
                scrubber.query(Scrubber.queryOf(target)),
                headers,
                withoutUser(Body.ofRequest(received.bytes(), contentType, scrubber)));
    }

    private static String withoutBoundary(String header) {
        return header.startsWith("multipart/") ? header.split(";", 2)[0].strip() : header;
    }

    /** OpenAI's and OpenRouter's name for who uses the caller's app. */
    private static Body withoutUser(Body body) {
        return body instanceof Body.Json json
                        && json.tree() instanceof JsonObject object
                        && object.string("user") != null
                ? new Body.Json(new JsonObject().putAll(object).put("user", Scrubber.MARK))
                : body;
    }

    /** Names the request in a message. */
    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query);
    }
}
