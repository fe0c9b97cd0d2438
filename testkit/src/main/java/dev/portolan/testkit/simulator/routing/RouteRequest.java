package dev.portolan.testkit.simulator.routing;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the routing has to know of a request.
 *
 * @param models the model and its fallbacks, in the order in which to try them
 * @param inputs the modalities that the model must read, all of them; text not counted
 * @param outputs the modalities that the model must write, all of them
 * @param parameters the fields of the request that a model may or may not support
 * @param provider the provider preferences, or null
 * @param promptTokens the length of the prompt
 * @param compressed whether too long a prompt is cut to fit; null leaves it to the model
 *     (OpenRouter reference: routing §10)
 */
public record RouteRequest(
        Purpose purpose,
        List<String> models,
        List<String> inputs,
        List<String> outputs,
        List<String> parameters,
        @Nullable JsonObject provider,
        int promptTokens,
        @Nullable Boolean compressed) {
    /** For an endpoint that takes one model and has no say in what it writes. */
    public static RouteRequest of(
            Purpose purpose, JsonObject body, List<String> inputs, List<String> parameters, int promptTokens) {
        return new RouteRequest(
                purpose,
                List.of(body.string("model", "")),
                inputs,
                List.of(),
                parameters,
                body.object("provider"),
                promptTokens,
                false);
    }
}
