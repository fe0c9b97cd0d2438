package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.SimulatorRequest;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a request, checks the key, and turns refusals into answers. */
public final class Router {
    public static final String BASE_PATH = "/api/v1";

    /** For clients that know the host only and put OpenAI's path behind it. */
    public static final String SHORT_BASE_PATH = "/v1";

    /** What other clients ask for, and what does the same here. */
    private static final Map<String, String> IN_PLACE_OF = Map.of(
            "/responses", "/chat/completions",
            "/messages", "/chat/completions",
            "/completions", "/chat/completions",
            "/images/generations", "/images");

    private static final System.Logger LOG = System.getLogger(Router.class.getName());

    private final Function<SimulatorRequest, String> paths;
    private final List<Endpoint> endpoints;
    private final @Nullable String onlyKey;

    /** Takes how to find the path of an endpoint, and the one key to accept; null accepts any. */
    public Router(Function<SimulatorRequest, String> paths, List<Endpoint> endpoints, @Nullable String onlyKey) {
        this.paths = paths;
        this.endpoints = List.copyOf(endpoints);
        this.onlyKey = onlyKey;
    }

    public Answer answer(ReceivedRequest request) {
        try {
            return route(request);
        } catch (ApiError refused) {
            Answer answer = refused.answer();
            return refused.pastRouting() ? answer.header("X-Generation-Id", request.generationId()) : answer;
        } catch (RuntimeException defect) {
            LOG.log(Level.WARNING, () -> "The simulator failed to answer " + request.request(), defect);
            return ApiError.classic(500, "Internal Server Error", "server").answer();
        }
    }

    private Answer route(ReceivedRequest request) {
        String path = paths.apply(request.request());
        List<Endpoint> atPath = endpoints.stream()
                .filter(endpoint -> endpoint.path().matches(path))
                .toList();
        if (atPath.isEmpty()) {
            throw ApiError.classic(404, "Not Found: " + wayOut(path), "not_found");
        }
        String asked = request.request().method();
        String method = asked.equals("HEAD") ? "GET" : asked; // the server leaves out the body
        for (Endpoint endpoint : atPath) {
            if (endpoint.method().equals(method)) {
                if (endpoint.needsKey()) {
                    checkKey(request.bearerToken());
                }
                return endpoint.answer(request);
            }
        }
        return ApiError.classic(405, "Method Not Allowed", "invalid_request")
                .answer()
                .header(
                        "Allow",
                        String.join(", ", atPath.stream().map(Endpoint::method).toList()));
    }

    private String wayOut(String path) {
        if (path.isEmpty()) {
            return "the simulator's API is at " + BASE_PATH + " and " + SHORT_BASE_PATH;
        }
        String other = IN_PLACE_OF.get(path);
        String served = endpoints.stream()
                .map(endpoint -> endpoint.path().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return other == null ? "the simulator serves " + served : "the simulator has no " + path + "; use " + other;
    }

    private void checkKey(String key) {
        if (key.isBlank()) {
            throw ApiError.classic(401, "No auth credentials found", null);
        }
        if (onlyKey != null && !onlyKey.equals(key)) {
            throw ApiError.classic(401, "User not found.", null);
        }
    }
}
