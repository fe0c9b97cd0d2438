package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;

/**
 * The {@code openrouter_metadata} of an answer, for requests that opt in (OpenRouter reference: chat-completions §2.7).
 */
final class RouterMetadata {
    private RouterMetadata() {}

    static boolean wanted(ReceivedRequest request) {
        String value = request.header("X-OpenRouter-Metadata")
                .or(() -> request.header("X-OpenRouter-Experimental-Metadata"))
                .orElse("");
        return value.trim().equalsIgnoreCase("enabled");
    }

    static JsonObject of(ChatReply reply) {
        RoutedModel routed = reply.routed();
        String provider = routed.model().provider();
        JsonObject chosen = new JsonObject()
                .put("provider", provider)
                .put("model", routed.id())
                .put("selected", true);
        JsonArray attempts = JsonArray.of(new JsonObject()
                .put("provider", provider)
                .put("model", routed.id())
                .put("status", 200));
        JsonObject metadata = new JsonObject()
                .put("requested", routed.requested().isEmpty() ? routed.id() : routed.requested())
                .put("strategy", routed.strategy())
                .put("region", "sim")
                .put("summary", "available=1, selected=" + provider)
                .put("attempt", 1)
                .put("is_byok", false)
                .put("endpoints", new JsonObject().put("total", 1).put("available", JsonArray.of(chosen)))
                .put("attempts", attempts);
        if (reply.usage().serverTools() != null) {
            metadata.put(
                    "pipeline",
                    JsonArray.of(new JsonObject()
                            .put("type", "server_tools")
                            .put("name", "server-tools")
                            .put("cost_usd", null)
                            .put("data", reply.usage().serverTools())));
        }
        return metadata;
    }
}
