package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.SimulatorRequest;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a request, checks the key, and turns refusals into answers. */
public final class Router {
    public static final String BASE_PATH = "/api/v1";

    /** For clients that know the host only and put OpenAI's path behind it. */
    public static final String SHORT_BASE_PATH = "/v1";

    private static final System.Logger LOG = System.getLogger(Router.class.getName());

    private final Function<SimulatorRequest, String> paths;
    private final List<Endpoint> endpoints;
    private final @Nullable String onlyKey;
    private final Supplier<String> ids;

    /** Takes how to find the path of an endpoint, and the one key to accept; null accepts any. */
    public Router(
            Function<SimulatorRequest, String> paths,
            List<Endpoint> endpoints,
            @Nullable String onlyKey,
            Supplier<String> ids) {
        this.paths = paths;
        this.endpoints = List.copyOf(endpoints);
        this.onlyKey = onlyKey;
        this.ids = ids;
    }

    public Answer answer(ReceivedRequest request) {
        try {
            return route(request);
        } catch (ApiError refused) {
            Answer answer = refused.answer();
            return refused.pastRouting() ? answer.header("X-Generation-Id", ids.get()) : answer;
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
            throw ApiError.classic(404, "Not Found", "not_found");
        }
        for (Endpoint endpoint : atPath) {
            if (endpoint.method().equals(request.request().method())) {
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

    private void checkKey(String key) {
        if (key.isBlank()) {
            throw ApiError.classic(401, "No auth credentials found", null);
        }
        if (onlyKey != null && !onlyKey.equals(key)) {
            throw ApiError.classic(401, "User not found.", null);
        }
    }
}
