package dev.portolan.testkit.simulator.routing;

import dev.portolan.testkit.simulator.catalog.ServedModel;
import dev.portolan.testkit.simulator.catalog.SimulatedCatalog;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the model that answers a request: aliases, variants, routers, presets, fallbacks
 * (OpenRouter reference: routing §1 to §4).
 */
public final class ModelRouting {
    private static final Set<String> VARIANTS =
            Set.of("free", "nitro", "floor", "exacto", "online", "extended", "thinking");

    private final SimulatedCatalog catalog;

    public ModelRouting(SimulatedCatalog catalog) {
        this.catalog = catalog;
    }

    /** Finds the model that answers; if none can, throws the refusal of the last one tried. */
    public RoutedModel route(RouteRequest request) {
        List<String> requested = request.models();
        if (requested.isEmpty()) {
            return new RoutedModel("", defaultModel(request.purpose()), "direct", List.of(), List.of());
        }
        List<String> unavailable = new ArrayList<>();
        ApiError lastError = null;
        for (String slug : requested) {
            try {
                RoutedModel routed = resolve(slug, request);
                EndpointFilters.check(routed, request);
                return routed.after(unavailable);
            } catch (ApiError error) {
                unavailable.add(slug);
                lastError = error;
            }
        }
        throw Objects.requireNonNull(lastError);
    }

    private RoutedModel resolve(String slug, RouteRequest request) {
        int preset = slug.indexOf("@preset/");
        String plain = preset < 0 ? slug : slug.substring(0, preset);
        if (preset == 0) {
            return new RoutedModel(slug, defaultModel(request.purpose()), "direct", List.of(), List.of());
        }
        String[] parts = plain.split(":", -1);
        String base = parts[0];
        List<String> variants = Arrays.asList(parts).subList(1, parts.length);
        if (variants.contains("batch")) {
            throw wrongEndpoint(slug, request, "the variant :batch is served by the batch API only");
        }
        String strategy = "direct";
        ServedModel model;
        if (base.startsWith("openrouter/")) {
            strategy = base.substring("openrouter/".length()).split("-", 2)[0];
            if (strategy.equals("free")) {
                variants = List.of("free");
            }
            model = pickForRouter(strategy, request);
        } else if (base.startsWith("~")) {
            strategy = "latest";
            model = catalog.latest(base.substring(1));
        } else {
            model = catalog.find(base);
        }
        if (model == null || !VARIANTS.containsAll(variants)) {
            throw notFound(slug, request);
        }
        if (!request.purpose().isServedBy(model)) {
            throw wrongEndpoint(slug, request, "it writes " + String.join(", ", model.outputModalities()));
        }
        return new RoutedModel(slug, model, strategy, variants, List.of());
    }

    private ServedModel defaultModel(Purpose purpose) {
        return Objects.requireNonNull(catalog.first(purpose::isServedBy), "a catalogue without models for " + purpose);
    }

    private @Nullable ServedModel pickForRouter(String router, RouteRequest request) {
        return switch (router) {
            case "auto", "pareto", "bodybuilder", "fusion", "free" ->
                catalog.first(model -> model.writes("text")
                        && request.inputs().stream().allMatch(model::reads)
                        && model.outputModalities().containsAll(request.outputs())
                        && (!router.equals("free") || model.id().equals("meta-llama/llama-3.3-70b-instruct")));
            default -> null;
        };
    }

    private ApiError notFound(String slug, RouteRequest request) {
        return ApiError.availability(
                400,
                "invalid_request",
                "model_not_found",
                slug + " is not a valid model ID",
                request.models(),
                new JsonObject().put("fallback_models", JsonArray.of(likely(slug, request.purpose()))));
    }

    /** Models that the caller may have meant: the same author's, else the default. */
    private List<String> likely(String slug, Purpose purpose) {
        String author = slug.replace("~", "").split("/", 2)[0];
        List<String> ofAuthor = catalog.models().stream()
                .filter(model -> model.author().equals(author) && purpose.isServedBy(model))
                .map(ServedModel::id)
                .limit(3)
                .toList();
        return ofAuthor.isEmpty() ? List.of(defaultModel(purpose).id()) : ofAuthor;
    }

    private static ApiError wrongEndpoint(String slug, RouteRequest request, String detail) {
        return ApiError.availability(
                400,
                "invalid_request",
                "wrong_endpoint",
                slug + " cannot be used with " + request.purpose().title() + ": " + detail,
                request.models(),
                new JsonObject()
                        .put(
                                "constraint",
                                new JsonObject().put("field", "model").put("detail", detail)));
    }
}
