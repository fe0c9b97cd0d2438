package dev.portolan.testkit.simulator;

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

    /** Leaves out the body and the values of the headers: they hold prompts and keys. */
    @Override
    public String toString() {
        return method + " " + path + " with headers " + new ArrayList<>(headers.keySet()) + " and a body of "
                + body.length() + " characters";
    }
}
