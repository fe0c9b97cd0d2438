package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.http.Router;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the list of models: a model, the free variant of one, an alias, or a router.
 *
 * @param model the model behind it, or null for a router
 * @param target the model that an alias stands for, or null
 * @param prompt the price of a token read, or null if it depends on the model that a router chooses
 * @param completion the price of a token written, or null likewise
 */
record CatalogRow(
        String id,
        String name,
        String description,
        long created,
        int contextLength,
        List<String> inputModalities,
        List<String> outputModalities,
        List<String> supportedParameters,
        @Nullable ServedModel model,
        @Nullable ServedModel target,
        @Nullable BigDecimal prompt,
        @Nullable BigDecimal completion) {
    private static final String VARIES = "-1";
    private static final int ROUTER_CONTEXT = 2_000_000;
    private static final List<String> VOICES = List.of("alloy", "ash", "coral", "echo", "nova", "sage", "shimmer");

    static CatalogRow of(ServedModel model) {
        return of(
                model,
                model.id(),
                model.name(),
                null,
                model.pricing().prompt(),
                model.pricing().completion());
    }

    static CatalogRow free(ServedModel model) {
        return of(model, model.id() + ":free", model.name() + " (free)", null, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    static CatalogRow alias(String id, ServedModel target) {
        return of(
                target,
                id,
                target.name() + " (latest)",
                target,
                target.pricing().prompt(),
                target.pricing().completion());
    }

    private static CatalogRow of(
            ServedModel model,
            String id,
            String name,
            @Nullable ServedModel target,
            BigDecimal prompt,
            BigDecimal completion) {
        return new CatalogRow(
                id,
                name,
                "The simulator's stand-in for " + name + ".",
                model.created().getEpochSecond(),
                model.contextLength(),
                model.inputModalities(),
                model.outputModalities(),
                List.copyOf(model.supportedParameters()),
                model,
                target,
                prompt,
                completion);
    }

    static CatalogRow router(String id, String name, boolean free, ServedModel like) {
        return new CatalogRow(
                id,
                name,
                "Chooses a model for each request.",
                like.created().getEpochSecond(),
                ROUTER_CONTEXT,
                like.inputModalities(),
                List.of("text"),
                List.copyOf(like.supportedParameters()),
                null,
                null,
                free ? BigDecimal.ZERO : null,
                free ? BigDecimal.ZERO : null);
    }

    private boolean isFree() {
        return model != null && id.endsWith(":free");
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("id", id)
                .put("canonical_slug", (model == null ? id : model.id()) + "-simulated")
                .put("name", name)
                .put("created", created)
                .put("description", description)
                .put("context_length", contextLength)
                .put("architecture", architecture())
                .put("pricing", pricing())
                .put(
                        "top_provider",
                        new JsonObject()
                                .put("context_length", model == null ? null : contextLength)
                                .put("max_completion_tokens", null)
                                .put("is_moderated", false))
                .put("per_request_limits", null)
                .put("supported_parameters", JsonArray.of(supportedParameters))
                .put("default_parameters", null)
                .put("supported_voices", outputModalities.contains("speech") ? JsonArray.of(VOICES) : null)
                .put("hugging_face_id", null)
                .put("knowledge_cutoff", null)
                .put("expiration_date", null)
                .put("links", new JsonObject().put("details", Router.BASE_PATH + "/models/" + id + "/endpoints"));
        if (model != null && model.reasoning() != SimulatedModel.Reasoning.NONE) {
            json.put("reasoning", reasoning(model));
        }
        if (target != null) {
            json.put("alias_target", new JsonObject().put("name", target.name()).put("slug", target.id()));
        }
        return json;
    }

    private static JsonObject reasoning(ServedModel model) {
        boolean mandatory = model.reasoning() == SimulatedModel.Reasoning.MANDATORY;
        return new JsonObject()
                .put("mandatory", mandatory)
                .put("supported_efforts", null)
                .put("default_effort", "medium")
                .put("default_enabled", mandatory)
                .put("supports_max_tokens", true);
    }

    JsonObject architecture() {
        return new JsonObject()
                .put("modality", String.join("+", inputModalities) + "->" + String.join("+", outputModalities))
                .put("input_modalities", JsonArray.of(inputModalities))
                .put("output_modalities", JsonArray.of(outputModalities))
                .put("tokenizer", tokenizer())
                .put("instruct_type", null);
    }

    private String tokenizer() {
        if (model == null) {
            return "Router";
        }
        if (!outputModalities.contains("text")) {
            return "Media";
        }
        return switch (model.author()) {
            case "openai" -> "GPT";
            case "anthropic" -> "Claude";
            case "google" -> "Gemini";
            case "meta-llama" -> "Llama3";
            case "mistralai" -> "Mistral";
            case "qwen" -> "Qwen3";
            case "deepseek" -> "DeepSeek";
            case "x-ai" -> "Grok";
            default -> "Other";
        };
    }

    /** Decimal text, to the digit what is charged (OpenRouter reference: catalogue-and-account §1, "Pricing"). */
    JsonObject pricing() {
        JsonObject pricing = new JsonObject().put("prompt", price(prompt)).put("completion", price(completion));
        if (model == null || isFree()) {
            return pricing;
        }
        SimulatedModel.Pricing prices = model.pricing();
        putPrice(pricing, "request", prices.request());
        putPrice(pricing, "image", prices.image());
        putPrice(pricing, "image_output", prices.imageOutput());
        putPrice(pricing, "input_cache_read", prices.cacheRead());
        putPrice(pricing, "input_cache_write", prices.cacheWrite());
        return pricing;
    }

    private static String price(@Nullable BigDecimal price) {
        return price == null ? VARIES : price.toPlainString();
    }

    private static void putPrice(JsonObject pricing, String name, @Nullable BigDecimal price) {
        if (price != null) {
            pricing.put(name, price.toPlainString());
        }
    }

    /** The answer of {@code /models/{author}/{slug}/endpoints} (OpenRouter reference: catalogue-and-account §2). */
    JsonObject withEndpoints(boolean measured) {
        JsonArray endpoints = new JsonArray();
        if (model != null) {
            endpoints.add(endpoint(model, measured));
        }
        return new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("created", created)
                .put("description", description)
                .put("architecture", architecture())
                .put("endpoints", endpoints);
    }

    /** Takes whether to give latency and throughput, which only those with a key see. */
    JsonObject endpoint(ServedModel served, boolean measured) {
        return new JsonObject()
                .put("name", served.provider() + " | " + id)
                .put("model_id", id)
                .put("model_name", name)
                .put("provider_name", served.provider())
                .put("tag", served.providerSlug())
                .put("context_length", contextLength)
                .put("max_completion_tokens", null)
                .put("max_prompt_tokens", null)
                .put("quantization", null)
                .put("supported_parameters", JsonArray.of(supportedParameters))
                .put("pricing", pricing())
                .put("supports_tool_choice", toolChoice(supportedParameters.contains("tool_choice")))
                .put("supports_implicit_caching", false)
                .put("supports_voice_cloning", false)
                .put("status", 0)
                .put("uptime_last_5m", 100)
                .put("uptime_last_30m", 100)
                .put("uptime_last_1d", 100)
                .put("latency_last_30m", measured ? percentiles(412, 530, 900, 2100) : null)
                .put("throughput_last_30m", measured ? percentiles(80, 60, 40, 20) : null);
    }

    /** What the official client of OpenRouter, 1.3.19, insists on; newer than the reference. */
    private static JsonObject toolChoice(boolean any) {
        return new JsonObject()
                .put("auto", any)
                .put("none", any)
                .put("required", any)
                .put("function", any);
    }

    private static JsonObject percentiles(int p50, int p75, int p90, int p99) {
        return new JsonObject().put("p50", p50).put("p75", p75).put("p90", p90).put("p99", p99);
    }
}
