package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.http.Router;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as the simulator received it. Immutable.
 *
 * @param method the HTTP method
 * @param path the request target as it was sent: the path and, if there is one, the query
 * @param headers the header values by name; names are looked up regardless of case
 * @param body the body read as UTF-8; empty if there was none
 * @param receivedAt when the request had arrived, by the simulator's clock
 */
public record SimulatorRequest(
        String method, String path, Map<String, List<String>> headers, String body, Instant receivedAt) {
    /** Copies the headers. */
    public SimulatorRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = Collections.unmodifiableMap(copy);
    }

    /**
     * The first value of a header.
     *
     * @param name the header's name, in any case
     * @return the value, or empty if the header was not sent
     */
    public Optional<String> header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /**
     * The path below the API's base path, {@code /api/v1} or {@code /v1}, without the query.
     *
     * @return for example {@code /chat/completions}; empty if the request went elsewhere
     */
    public String apiPath() {
        String path = pathBelow(Router.BASE_PATH);
        return path.isEmpty() ? pathBelow(Router.SHORT_BASE_PATH) : path;
    }

    /**
     * The path below another, without the query.
     *
     * @param base where the path should start, such as {@code /api/v1}
     * @return what follows, or empty if the path does not start so
     */
    public String pathBelow(String base) {
        String plain = path.split("[?#]", 2)[0];
        return plain.startsWith(base + "/") ? plain.substring(base.length()) : "";
    }

    /**
     * The model that the request asks for.
     *
     * @return the text in the body's field {@code model}, or empty if the body is no JSON object or names none
     */
    public Optional<String> model() {
        return json().map(json -> json.string("model"));
    }

    /**
     * Whether the request asks for a stream.
     *
     * @return whether the body's field {@code stream} is true
     */
    public boolean streaming() {
        return json().map(json -> json.isTrue("stream")).orElse(false);
    }

    private Optional<JsonObject> json() {
        try {
            return JsonText.parse(body) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (IllegalArgumentException noJson) {
            return Optional.empty();
        }
    }

    /** Leaves out the body and the values of the headers: they hold prompts and keys. */
    @Override
    public String toString() {
        return method + " " + path + " with headers " + new ArrayList<>(headers.keySet()) + " and a body of "
                + body.length() + " characters";
    }
}
