package dev.portolan.testkit.simulator;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a request, checks the key, and turns refusals into answers. */
final class Router {
    static final String BASE_PATH = "/api/v1";
    private static final System.Logger LOG = System.getLogger(Router.class.getName());

    private final List<Endpoint> endpoints;
    private final @Nullable String onlyKey;
    private final GenerationIds ids;

    /** Takes the one key to accept; null accepts any. */
    Router(List<Endpoint> endpoints, @Nullable String onlyKey, GenerationIds ids) {
        this.endpoints = List.copyOf(endpoints);
        this.onlyKey = onlyKey;
        this.ids = ids;
    }

    Answer answer(SimulatorRequest request) {
        try {
            return route(request);
        } catch (ApiError refused) {
            Answer answer = Answer.json(refused.status(), refused.body());
            return refused.pastRouting() ? answer.header("X-Generation-Id", ids.next()) : answer;
        } catch (RuntimeException defect) {
            LOG.log(Level.WARNING, () -> "The simulator failed to answer " + request, defect);
            ApiError masked = ApiError.classic(500, "Internal Server Error", "server");
            return Answer.json(masked.status(), masked.body());
        }
    }

    private Answer route(SimulatorRequest request) {
        String path = request.path().split("[?#]", 2)[0];
        List<Endpoint> atPath = endpoints.stream()
                .filter(endpoint -> path.equals(BASE_PATH + endpoint.path()))
                .toList();
        if (atPath.isEmpty()) {
            throw ApiError.classic(404, "Not Found", "not_found");
        }
        for (Endpoint endpoint : atPath) {
            if (endpoint.method().equals(request.method())) {
                checkKey(bearerToken(request));
                return endpoint.answer(request);
            }
        }
        ApiError wrongMethod = ApiError.classic(405, "Method Not Allowed", "invalid_request");
        return Answer.json(wrongMethod.status(), wrongMethod.body())
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

    /** The key the client showed, or blank. */
    static String bearerToken(SimulatorRequest request) {
        String header = request.header("Authorization").orElse("").trim();
        return header.toLowerCase(Locale.ROOT).startsWith("bearer ")
                ? header.substring(7).trim()
                : "";
    }
}
