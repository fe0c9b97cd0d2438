package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.SimulatorRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okio.ByteString;

/**
 * A request on its way to its endpoint.
 *
 * @param request what a test may ask for later
 * @param bytes the body as it came, since not every body is text
 * @param generationId the id of what it may begin; empty for one that can begin nothing
 */
public record ReceivedRequest(SimulatorRequest request, ByteString bytes, String generationId) {
    private static final int LONGEST_SESSION_ID = 256;

    public ReceivedRequest named(String id) {
        return new ReceivedRequest(request, bytes, id);
    }

    public Optional<String> header(String name) {
        return request.header(name);
    }

    /** The path below the API's base path, without the query. */
    public String path() {
        return request.apiPath();
    }

    public Query query() {
        return Query.of(request.path());
    }

    public List<String> pathValues(PathTemplate template) {
        return template.values(path());
    }

    /** The key the client showed, or blank. */
    public String bearerToken() {
        String header = header("Authorization").orElse("").trim();
        return header.toLowerCase(Locale.ROOT).startsWith("bearer ")
                ? header.substring(7).trim()
                : "";
    }

    /** Refuses with 400 a session id that is too long (OpenRouter reference: routing §6). */
    public void checkSessionId() {
        if (header("x-session-id").orElse("").length() > LONGEST_SESSION_ID) {
            throw ApiError.invalidRequest(
                    "x-session-id: String must contain at most " + LONGEST_SESSION_ID + " character(s)");
        }
    }

    /** The object in the body; refuses with 400 what is no JSON object. */
    public JsonObject json() {
        Object value;
        try {
            value = JsonText.parse(request.body());
        } catch (IllegalArgumentException malformed) {
            throw ApiError.invalidRequest("The request body is not valid JSON");
        }
        if (!(value instanceof JsonObject body)) {
            throw ApiError.invalidRequest("Expected object, received " + FieldCheck.typeOf(value));
        }
        return body;
    }
}
