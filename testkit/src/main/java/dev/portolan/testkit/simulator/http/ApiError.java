package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A refusal in one of the body shapes of the OpenRouter reference (errors §1). */
public final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String DOCS = "https://openrouter.ai/docs/errors#";

    private final int status;
    private final transient JsonObject error;
    private boolean pastRouting;

    private ApiError(int status, String message, JsonObject error) {
        super(message, null, false, false);
        this.status = status;
        this.error = error;
    }

    /** The classic form (OpenRouter reference: errors §1 A). */
    public static ApiError classic(int status, String message, @Nullable String errorType) {
        JsonObject error = new JsonObject().put("code", status).put("message", message);
        if (errorType != null) {
            error.put("metadata", new JsonObject().put("error_type", errorType));
        }
        return new ApiError(status, message, error);
    }

    public static ApiError invalidRequest(String message) {
        return classic(400, message, "invalid_request");
    }

    /** The availability form (OpenRouter reference: errors §1 B and §5). */
    public static ApiError availability(
            int status, String errorType, String code, String message, List<String> requestedModels, JsonObject extra) {
        JsonObject availability = new JsonObject()
                .put("code", code)
                .put("retryable", false)
                .put("requested_models", JsonArray.of(requestedModels))
                .putAll(extra)
                .put("docs_url", DOCS + code);
        JsonObject error = new JsonObject()
                .put("message", message)
                .put("error_type", errorType)
                .put("http_status", status)
                .put("availability", availability);
        return new ApiError(status, message, error);
    }

    /** Marks an error that a model endpoint caused: such answers carry a generation id. */
    public ApiError afterRouting() {
        pastRouting = true;
        return this;
    }

    boolean pastRouting() {
        return pastRouting;
    }

    public Answer answer() {
        return Answer.json(status, new JsonObject().put("error", error));
    }
}
