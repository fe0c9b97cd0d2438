package dev.portolan.testkit.simulator.routing;

import dev.portolan.testkit.simulator.catalog.ServedModel;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The conditions of a request that leave a model without an endpoint (OpenRouter reference: routing §4, errors §5). */
final class EndpointFilters {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    /** Endpoints of up to this context length compress too long prompts unless told not to. */
    private static final int ON_BY_DEFAULT = 8192;

    private EndpointFilters() {}

    static void check(RoutedModel routed, RouteRequest request) {
        ServedModel model = routed.model();
        for (String modality : request.inputs()) {
            if (!model.reads(modality)) {
                throw ApiError.classic(404, "No endpoints found that support " + modality + " input", "not_found");
            }
        }
        if (!model.outputModalities().containsAll(request.outputs())) {
            throw ApiError.classic(
                    404,
                    "No endpoints found that support the requested output modalities: "
                            + String.join(", ", request.outputs()),
                    null);
        }
        JsonObject provider = request.provider();
        if (provider != null) {
            checkProvider(routed, request, provider);
        }
        checkLength(model, request);
    }

    private static void checkProvider(RoutedModel routed, RouteRequest request, JsonObject provider) {
        ServedModel model = routed.model();
        if (!allows(provider, model)) {
            throw ApiError.classic(404, "No allowed providers are available for the selected model.", null);
        }
        JsonObject maxPrice = provider.object("max_price");
        if (maxPrice != null
                && !routed.free()
                && (dearer(model.pricing().prompt(), maxPrice.get("prompt"))
                        || dearer(model.pricing().completion(), maxPrice.get("completion")))) {
            throw filtered(request.models(), "max_price", "every endpoint costs more than provider.max_price");
        }
        if (provider.isTrue("require_parameters")) {
            for (String parameter : request.parameters()) {
                if (!model.supports(parameter)) {
                    throw filtered(request.models(), "require_parameters", "no endpoint supports " + parameter);
                }
            }
        }
    }

    private static void checkLength(ServedModel model, RouteRequest request) {
        int tokens = request.promptTokens();
        if (tokens > model.contextLength() && !compresses(model, request)) {
            throw ApiError.classic(
                            400,
                            "This endpoint's maximum context length is " + model.contextLength()
                                    + " tokens. However, you requested about " + tokens + " tokens.",
                            "context_length_exceeded")
                    .afterRouting();
        }
    }

    /** Whether too long a prompt is cut to fit (OpenRouter reference: routing §10). */
    private static boolean compresses(ServedModel model, RouteRequest request) {
        Boolean compressed = request.compressed();
        return compressed == null ? model.contextLength() <= ON_BY_DEFAULT : compressed;
    }

    /** Whether an entry of order, only or ignore means the model's provider: slug, slug with region, or name. */
    private static boolean names(String entry, ServedModel model) {
        return entry.equals(model.provider())
                || entry.split("/", 2)[0].toLowerCase(Locale.ROOT).equals(model.providerSlug());
    }

    private static boolean allows(JsonObject provider, ServedModel model) {
        boolean excluded = !provider.array("only").isEmpty() && !names(provider.array("only"), model);
        boolean ignored = names(provider.array("ignore"), model);
        boolean strictOrder =
                provider.isFalse("allow_fallbacks") && !provider.array("order").isEmpty();
        return !excluded && !ignored && (!strictOrder || names(provider.array("order"), model));
    }

    private static boolean names(JsonArray entries, ServedModel model) {
        return entries.strings().stream().anyMatch(entry -> names(entry, model));
    }

    private static boolean dearer(BigDecimal tokenPrice, @Nullable Object limitPerMillion) {
        BigDecimal limit = limitPerMillion instanceof BigDecimal number ? number : null;
        if (limitPerMillion instanceof String text) {
            limit = new BigDecimal(text); // the rules have checked that it is a decimal
        }
        return limit != null && tokenPrice.multiply(MILLION).compareTo(limit) > 0;
    }

    private static ApiError filtered(List<String> requested, String filter, String detail) {
        return ApiError.availability(
                404,
                "not_found",
                "constraint_filtered",
                "No endpoints found that meet the request's constraints: " + detail,
                requested,
                new JsonObject()
                        .put("excluded_by", JsonArray.of(filter))
                        .put(
                                "constraint",
                                new JsonObject()
                                        .put("field", "provider." + filter)
                                        .put("detail", detail)));
    }
}
