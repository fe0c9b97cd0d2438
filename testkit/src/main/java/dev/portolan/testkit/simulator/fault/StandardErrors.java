package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.SimulatorRequest;
import dev.portolan.testkit.simulator.Unavailability;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What OpenRouter says with each status (OpenRouter reference: errors §2, §3 and §5). */
public final class StandardErrors {
    private record Reason(int status, String errorType, boolean retryable) {}

    private static final Map<String, Reason> REASONS = reasons();

    private StandardErrors() {}

    private static Map<String, Reason> reasons() {
        Map<String, Reason> reasons = new LinkedHashMap<>();
        reasons.put("model_not_found", new Reason(400, "invalid_request", false));
        reasons.put("wrong_endpoint", new Reason(400, "invalid_request", false));
        reasons.put("no_endpoints", new Reason(404, "not_found", false));
        reasons.put("model_deprecated", new Reason(404, "not_found", false));
        reasons.put("model_unavailable_upstream", new Reason(404, "not_found", false));
        reasons.put("capacity_exhausted", new Reason(429, "rate_limit_exceeded", true));
        reasons.put("temporarily_unavailable", new Reason(503, "provider_overloaded", true));
        reasons.put("region_restricted", new Reason(403, "permission_denied", false));
        reasons.put("privacy_restricted", new Reason(404, "not_found", false));
        reasons.put("constraint_filtered", new Reason(404, "not_found", false));
        reasons.put("free_variant_ended", new Reason(404, "not_found", false));
        return reasons;
    }

    private static Reason reason(String code) {
        Reason reason = REASONS.get(code);
        if (reason == null) {
            throw new IllegalArgumentException(
                    "there is no availability code \"" + code + "\"; take one of " + REASONS.keySet());
        }
        return reason;
    }

    public static void checkCode(String code) {
        reason(code);
    }

    public static boolean retryable(String code) {
        return reason(code).retryable();
    }

    public static void checkNotNegative(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a fault's time must not be negative but is " + time);
        }
    }

    /** Rounded up, since a client that comes too early is refused again. */
    public static long wholeSeconds(Duration time) {
        return time.plusNanos(999_999_999).toSeconds();
    }

    static String message(int status) {
        return switch (status) {
            case 400 -> "The request is not valid";
            case 401 -> "User not found.";
            case 402 -> "Insufficient credits";
            case 403 -> "Permission denied";
            case 404 -> "Not Found";
            case 408, 504, 524 -> "The request timed out";
            case 413 -> "Payload Too Large";
            case 422 -> "Unprocessable Entity";
            case 429 -> "Rate limit exceeded";
            case 502 -> "Provider returned error";
            case 503 -> "The model is temporarily unavailable";
            case 529 -> "Provider overloaded";
            default -> status >= 500 ? "Internal Server Error" : "The request was refused";
        };
    }

    static @Nullable String errorType(int status) {
        return switch (status) {
            case 400 -> "invalid_request";
            case 402 -> "payment_required";
            case 403 -> "permission_denied";
            case 404 -> "not_found";
            case 412 -> "precondition_failed";
            case 413 -> "payload_too_large";
            case 422 -> "unprocessable";
            case 429 -> "rate_limit_exceeded";
            case 500 -> "server";
            case 502 -> "provider_unavailable";
            case 503, 529 -> "provider_overloaded";
            case 408, 504, 524 -> "timeout";
            default -> null;
        };
    }

    public static Answer classic(int status) {
        return ApiError.classic(status, message(status), errorType(status)).answer();
    }

    /** OpenRouter's own limit, as recorded (OpenRouter reference: errors §4). */
    public static Answer rateLimit(int requests, Instant reset) {
        Map<String, String> limits = new LinkedHashMap<>();
        limits.put("X-RateLimit-Limit", String.valueOf(requests));
        limits.put("X-RateLimit-Remaining", "0");
        limits.put("X-RateLimit-Reset", String.valueOf(reset.toEpochMilli()));
        JsonObject headers = new JsonObject();
        limits.forEach(headers::put);
        JsonObject error = new JsonObject()
                .put("code", 429)
                .put("message", "Rate limit exceeded: free-models-per-min")
                .put(
                        "metadata",
                        new JsonObject()
                                .put("error_type", errorType(429))
                                .put("headers", headers)
                                .put("provider_name", null));
        Answer answer = Answer.json(429, new JsonObject().put("error", error));
        for (Map.Entry<String, String> limit : limits.entrySet()) {
            answer = answer.header(limit.getKey(), limit.getValue());
        }
        return answer;
    }

    public static Answer unavailable(Unavailability reason, SimulatorRequest request) {
        Reason known = reason(reason.code());
        JsonObject extra = new JsonObject().put("retryable", reason.retryable());
        reason.retryAfter().ifPresent(wait -> extra.put("retry_after", wholeSeconds(wait)));
        if (!reason.fallbackModels().isEmpty()) {
            extra.put("fallback_models", JsonArray.of(reason.fallbackModels()));
        }
        List<String> requested = request.model().map(List::of).orElse(List.of());
        Answer answer = ApiError.availability(
                        known.status(), known.errorType(), reason.code(), message(known.status()), requested, extra)
                .answer();
        return reason.retryAfter()
                .map(wait -> answer.header("Retry-After", String.valueOf(wholeSeconds(wait))))
                .orElse(answer);
    }
}
