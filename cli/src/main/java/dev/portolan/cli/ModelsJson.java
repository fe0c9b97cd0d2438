package dev.portolan.cli;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Models, and who runs them, as one JSON object: what {@code portolan models --json} prints. Every member is always there,
 * {@code null} if it is not known.
 *
 * <p>{@code models} is an array of objects with {@code id} (as {@code --model} takes it), {@code canonicalName},
 * {@code name}, {@code description}, {@code created} (ISO 8601), {@code contextLength}, {@code maxCompletionTokens},
 * {@code inputModalities}, {@code outputModalities}, {@code supportedParameters}, {@code pricing}, {@code extras}.
 *
 * <p>{@code endpoints}, beside {@code model}, is an array of objects with {@code provider}, {@code tag},
 * {@code contextLength}, {@code maxPromptTokens}, {@code maxCompletionTokens}, {@code quantization},
 * {@code supportedParameters}, {@code pricing}, {@code extras}.
 *
 * <p>{@code pricing} has exact decimals, in US dollars for one unit, negative if the price varies: {@code prompt completion
 * request image imageToken imageOutput audio audioOutput audioCacheRead cacheRead cacheWrite cacheWriteHour reasoning
 * webSearch}, {@code discount} (the part taken off), and {@code overrides}, an array of {@code {moreThanPromptTokens, from,
 * to, pricing}} with times of day in UTC.
 */
final class ModelsJson {
    private ModelsJson() {}

    static RawJson models(List<ModelInfo> models) {
        return RawJson.of(Json.object("models", Json.each(models, ModelsJson::model)));
    }

    static RawJson endpoints(ModelId model, List<ModelEndpoint> endpoints) {
        return RawJson.of(
                Json.object("model", model.toString(), "endpoints", Json.each(endpoints, ModelsJson::endpoint)));
    }

    private static Object model(ModelInfo model) {
        return Json.object(
                "id", model.id().toString(),
                "canonicalName", model.canonicalName(),
                "name", model.name(),
                "description", model.description(),
                "created", Json.text(model.created()),
                "contextLength", model.contextLength(),
                "maxCompletionTokens", model.maxCompletionTokens(),
                "inputModalities", model.inputModalities(),
                "outputModalities", model.outputModalities(),
                "supportedParameters", model.supportedParameters(),
                "pricing", pricing(model.pricing()),
                "extras", model.extras());
    }

    private static Object endpoint(ModelEndpoint endpoint) {
        return Json.object(
                "provider", endpoint.provider(),
                "tag", endpoint.tag(),
                "contextLength", endpoint.contextLength(),
                "maxPromptTokens", endpoint.maxPromptTokens(),
                "maxCompletionTokens", endpoint.maxCompletionTokens(),
                "quantization", endpoint.quantization(),
                "supportedParameters", endpoint.supportedParameters(),
                "pricing", pricing(endpoint.pricing()),
                "extras", endpoint.extras());
    }

    private static Map<String, @Nullable Object> pricing(Pricing pricing) {
        return Json.object(
                "prompt", Json.plain(pricing.prompt()),
                "completion", Json.plain(pricing.completion()),
                "request", Json.plain(pricing.request()),
                "image", Json.plain(pricing.image()),
                "imageToken", Json.plain(pricing.imageToken()),
                "imageOutput", Json.plain(pricing.imageOutput()),
                "audio", Json.plain(pricing.audio()),
                "audioOutput", Json.plain(pricing.audioOutput()),
                "audioCacheRead", Json.plain(pricing.audioCacheRead()),
                "cacheRead", Json.plain(pricing.cacheRead()),
                "cacheWrite", Json.plain(pricing.cacheWrite()),
                "cacheWriteHour", Json.plain(pricing.cacheWriteHour()),
                "reasoning", Json.plain(pricing.reasoning()),
                "webSearch", Json.plain(pricing.webSearch()),
                "discount", Json.plain(pricing.discount()),
                "overrides", Json.each(pricing.overrides(), ModelsJson::conditional));
    }

    private static Object conditional(Pricing.Conditional conditional) {
        return Json.object(
                "moreThanPromptTokens",
                        conditional.moreThanPromptTokens() < 0 ? null : conditional.moreThanPromptTokens(),
                "from", Json.text(conditional.from()),
                "to", Json.text(conditional.to()),
                "pricing", pricing(conditional.pricing()));
    }
}
