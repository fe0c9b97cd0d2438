package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.SimulatorRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import okio.ByteString;

/** What a browser wants to be told before it lets a page call another host (the Fetch standard, CORS). */
public final class CrossOrigin {
    private static final String EXPOSED = String.join(
            ", ",
            "X-Generation-Id",
            "Retry-After",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
            "X-OpenRouter-Cache-Status",
            "X-OpenRouter-Cache-Age",
            "X-OpenRouter-Cache-TTL",
            "X-OpenRouter-Cache-Source-Id");

    private CrossOrigin() {}

    /** Whether a page asks, and not a program. */
    public static boolean isFromPage(SimulatorRequest request) {
        return request.header("Origin").isPresent();
    }

    /** Whether the browser asks on its own account, before the page's request. */
    public static boolean isPreflight(SimulatorRequest request) {
        return request.method().equals("OPTIONS")
                && isFromPage(request)
                && request.header("Access-Control-Request-Method").isPresent();
    }

    public static Answer preflight(SimulatorRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Origin", "*");
        headers.put("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
        // by name, since a star does not stand for Authorization
        request.header("Access-Control-Request-Headers")
                .ifPresent(names -> headers.put("Access-Control-Allow-Headers", names));
        headers.put("Access-Control-Max-Age", "600");
        return new Answer(200, headers, new Answer.Whole(ByteString.EMPTY));
    }

    public static Answer open(Answer answer) {
        return answer.header("Access-Control-Allow-Origin", "*").header("Access-Control-Expose-Headers", EXPOSED);
    }
}
