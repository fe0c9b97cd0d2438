package dev.portolan.testkit.simulator.http;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a request, checks the key, and turns refusals into answers. */
public final class Router {
    public static final String BASE_PATH = "/api/v1";
    private static final System.Logger LOG = System.getLogger(Router.class.getName());

    private final String basePath;
    private final List<Endpoint> endpoints;
    private final @Nullable String onlyKey;
    private final Supplier<String> ids;

    /** Takes the one key to accept; null accepts any. */
    public Router(String basePath, List<Endpoint> endpoints, @Nullable String onlyKey, Supplier<String> ids) {
        this.basePath = basePath;
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
        String path = request.request().pathBelow(basePath);
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
