package dev.portolan.testkit.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the model that answers a chat request: aliases, variants, routers, presets, fallbacks (routing.md §1 to §4). */
final class ModelRouting {
    private static final Set<String> VARIANTS =
            Set.of("free", "nitro", "floor", "exacto", "online", "extended", "thinking");

    private final SimulatedCatalog catalog;

    ModelRouting(SimulatedCatalog catalog) {
        this.catalog = catalog;
    }

    /** Finds the model that answers; if none can, throws the refusal of the last one tried. */
    RoutedModel route(ChatCall call) {
        List<String> requested = call.requestedModels();
        if (requested.isEmpty()) {
            return new RoutedModel("", defaultModel(), "direct", List.of(), List.of());
        }
        List<String> unavailable = new ArrayList<>();
        ApiError lastError = null;
        for (String slug : requested) {
            try {
                RoutedModel routed = resolve(slug, requested, call);
                EndpointFilters.check(routed, requested, call);
                return routed.after(unavailable);
            } catch (ApiError error) {
                unavailable.add(slug);
                lastError = error;
            }
        }
        throw Objects.requireNonNull(lastError);
    }

    private RoutedModel resolve(String slug, List<String> requested, ChatCall call) {
        int preset = slug.indexOf("@preset/");
        String plain = preset < 0 ? slug : slug.substring(0, preset);
        if (preset == 0) {
            return new RoutedModel(slug, defaultModel(), "direct", List.of(), List.of());
        }
        String[] parts = plain.split(":", -1);
        String base = parts[0];
        List<String> variants = Arrays.asList(parts).subList(1, parts.length);
        if (variants.contains("batch")) {
            throw wrongEndpoint(slug, requested, "the variant :batch is served by the batch API only");
        }
        String strategy = "direct";
        SimulatedModel model;
        if (base.startsWith("openrouter/")) {
            strategy = base.substring("openrouter/".length()).split("-", 2)[0];
            if (strategy.equals("free")) {
                variants = List.of("free");
            }
            model = pickForRouter(strategy, call);
        } else if (base.startsWith("~")) {
            strategy = "latest";
            model = latestOf(base.substring(1));
        } else {
            model = catalog.find(base);
        }
        if (model == null || !VARIANTS.containsAll(variants)) {
            throw notFound(slug, requested);
        }
        if (!model.writes("text") && !model.writes("image")) {
            throw wrongEndpoint(slug, requested, "it writes " + String.join(", ", model.outputModalities()));
        }
        return new RoutedModel(slug, model, strategy, variants, List.of());
    }

    private SimulatedModel defaultModel() {
        return Objects.requireNonNull(catalog.first(model -> model.writes("text")), "a catalogue without a text model");
    }

    private @Nullable SimulatedModel pickForRouter(String router, ChatCall call) {
        return switch (router) {
            case "auto", "pareto", "bodybuilder", "fusion", "free" ->
                catalog.first(model -> model.writes("text")
                        && model.outputModalities().containsAll(call.modalities())
                        && (!router.equals("free") || model.id().equals("meta-llama/llama-3.3-70b-instruct")));
            default -> null;
        };
    }

    /** The catalogue's first model of that author whose slug has the family's words. */
    private @Nullable SimulatedModel latestOf(String alias) {
        if (!alias.endsWith("-latest") || !alias.contains("/")) {
            return null;
        }
        String author = alias.substring(0, alias.indexOf('/'));
        String family = alias.substring(alias.indexOf('/') + 1, alias.length() - "-latest".length());
        List<String> words = List.of(family.split("-"));
        SimulatedModel exact = catalog.first(model -> model.author().equals(author)
                && model.writes("text")
                && List.of(model.slug().split("-")).containsAll(words));
        return exact != null ? exact : catalog.first(model -> model.author().equals(author) && model.writes("text"));
    }

    private ApiError notFound(String slug, List<String> requested) {
        return ApiError.availability(
                400,
                "invalid_request",
                "model_not_found",
                slug + " is not a valid model ID",
                requested,
                new JsonObject().put("fallback_models", JsonArray.of(likely(slug))));
    }

    /** Models that the caller may have meant: the same author's, else the default. */
    private List<String> likely(String slug) {
        String author = slug.replace("~", "").split("/", 2)[0];
        List<String> ofAuthor = catalog.models().stream()
                .filter(model -> model.author().equals(author) && model.writes("text"))
                .map(SimulatedModel::id)
                .limit(3)
                .toList();
        return ofAuthor.isEmpty() ? List.of(defaultModel().id()) : ofAuthor;
    }

    private static ApiError wrongEndpoint(String slug, List<String> requested, String detail) {
        return ApiError.availability(
                400,
                "invalid_request",
                "wrong_endpoint",
                slug + " cannot be used with chat completions: " + detail,
                requested,
                new JsonObject()
                        .put(
                                "constraint",
                                new JsonObject().put("field", "model").put("detail", detail)));
    }
}
