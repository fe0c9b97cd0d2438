package dev.portolan.testkit.simulator.state;

import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What is kept of a generation (OpenRouter reference: catalogue-and-account §4).
 *
 * @param details further fields, such as {@code finish_reason}
 */
public record GenerationRecord(
        Generation generation,
        long promptTokens,
        long completionTokens,
        BigDecimal cost,
        BillEntry.Outcome outcome,
        JsonObject details) {
    private static final DateTimeFormatter CREATED_AT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT);
    private static final int MILLIS_BEFORE_THE_FIRST_TOKEN = 200;
    private static final int MILLIS_PER_TOKEN = 5;

    BillEntry billEntry() {
        return new BillEntry(generation.id(), generation.routed().id(), promptTokens, completionTokens, cost, outcome);
    }

    public GenerationRecord with(BillEntry.Outcome other) {
        return new GenerationRecord(generation, promptTokens, completionTokens, cost, other, details);
    }

    /** With the finish reason {@code error}, which is free (OpenRouter reference: routing §9). */
    GenerationRecord failed() {
        JsonObject error =
                new JsonObject().putAll(details).put("finish_reason", "error").put("native_finish_reason", "error");
        return new GenerationRecord(generation, promptTokens, completionTokens, BigDecimal.ZERO, outcome, error);
    }

    /** The times are made up from the counts, so that a run can be repeated. */
    public JsonObject json() {
        long latency = MILLIS_BEFORE_THE_FIRST_TOKEN + promptTokens / 10;
        String provider = generation.routed().model().provider();
        JsonObject response = new JsonObject()
                .put("id", "sim-" + generation.id())
                .put("provider_name", provider)
                .put("status", 200)
                .put("endpoint_id", "ep_" + generation.routed().model().providerSlug())
                .put("model_permaslug", generation.routed().model().id())
                .put("latency", latency)
                .put("is_byok", false);
        return new JsonObject()
                .put("id", generation.id())
                .put("api_type", generation.apiType())
                .put("model", generation.routed().id())
                .put("created_at", CREATED_AT.format(generation.createdAt().atOffset(ZoneOffset.UTC)))
                .put("origin", "")
                .put("data_region", "global")
                .put("total_cost", cost)
                .put("usage", cost)
                .put("is_byok", false)
                .put("streamed", false)
                .put("cancelled", outcome != BillEntry.Outcome.DELIVERED)
                .put("provider_name", provider)
                .put("router", generation.routed().router())
                .put("finish_reason", null)
                .put("native_finish_reason", null)
                .put("latency", latency)
                .put("generation_time", Math.max(1, completionTokens * MILLIS_PER_TOKEN))
                .put("moderation_latency", null)
                .put("tokens_prompt", promptTokens)
                .put("tokens_completion", completionTokens)
                .put("native_tokens_prompt", promptTokens)
                .put("native_tokens_completion", completionTokens)
                .put("native_tokens_reasoning", 0)
                .put("native_tokens_cached", 0)
                .put("native_tokens_completion_images", null)
                .put("num_media_prompt", null)
                .put("num_media_completion", null)
                .put("num_input_audio_prompt", null)
                .put("num_search_results", null)
                .put("num_fetches", null)
                .put("web_search_engine", null)
                .put("cache_discount", null)
                .put("upstream_inference_cost", 0)
                .put("upstream_id", "sim-" + generation.id())
                .put("app_id", null)
                .put("external_user", null)
                .put("http_referer", null)
                .put("user_agent", null)
                .put("preset_id", null)
                .put("request_id", "req-" + generation.id())
                .put("session_id", null)
                .put("service_tier", null)
                .put("workspace_id", null)
                .put("response_cache_source_id", null)
                .put("provider_responses", JsonArray.of(response))
                .putAll(generation.caller())
                .putAll(details);
    }
}
