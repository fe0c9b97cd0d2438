package dev.portolan.provider.openrouter.wire;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code usage}: tokens, and what they cost (chat-completions.md §2.6, routing.md §8). */
public final class UsageDecoder {
    private UsageDecoder() {}

    /**
     * What {@code usage} says.
     *
     * @param usage the tokens
     * @param cost what the caller pays in all
     * @param charged what OpenRouter charges of it
     * @param byok whether the caller's own provider key was used
     * @param upstream what the provider charges, or its list price
     * @param upstreamPrompt the part of it for the prompt
     * @param upstreamCompletion the part of it for the completion
     * @param serverTools how often the server's own tools were used
     */
    public record Reading(
            Usage usage,
            Cost cost,
            @Nullable BigDecimal charged,
            boolean byok,
            @Nullable BigDecimal upstream,
            @Nullable BigDecimal upstreamPrompt,
            @Nullable BigDecimal upstreamCompletion,
            OpenRouterMetadata.@Nullable ServerToolUse serverTools) {
        /** Nothing said. */
        public static final Reading NONE =
                new Reading(Usage.NOT_REPORTED, Cost.UNKNOWN, null, false, null, null, null, null);
    }

    public static Reading read(RawJson json) {
        Map<String, RawJson> usage = JsonTree.members(json);
        Map<String, RawJson> costs = JsonTree.members(usage.get("cost_details"));
        BigDecimal charged = decimal(usage, "cost");
        BigDecimal upstream = decimal(costs, "upstream_inference_cost");
        boolean byok = Boolean.TRUE.equals(JsonTree.value(usage.get("is_byok"), Lenient::bool));
        return new Reading(
                tokens(usage, json),
                cost(charged, byok, upstream),
                charged,
                byok,
                upstream,
                decimal(costs, "upstream_inference_prompt_cost"),
                decimal(costs, "upstream_inference_completions_cost"),
                serverTools(usage));
    }

    /** Reads usage whose counts are named {@code input_tokens} and {@code output_tokens}. */
    public static Reading readInputAndOutput(RawJson json) {
        Reading reading = read(json);
        Map<String, RawJson> usage = JsonTree.members(json);
        Usage counted = new Usage(
                count(usage, "input_tokens"),
                count(usage, "output_tokens"),
                reading.usage().totalTokens(),
                reading.usage().prompt(),
                reading.usage().completion(),
                json);
        return new Reading(
                counted,
                reading.cost(),
                reading.charged(),
                reading.byok(),
                reading.upstream(),
                reading.upstreamPrompt(),
                reading.upstreamCompletion(),
                reading.serverTools());
    }

    /** With the caller's own key the provider's bill comes on top; otherwise it is inside {@code cost} already. */
    public static Cost cost(@Nullable BigDecimal charged, boolean byok, @Nullable BigDecimal upstream) {
        if (charged == null) {
            return Cost.UNKNOWN;
        }
        return Cost.reported(byok && upstream != null ? charged.add(upstream) : charged);
    }

    private static Usage tokens(Map<String, RawJson> usage, RawJson json) {
        Map<String, RawJson> prompt = JsonTree.members(usage.get("prompt_tokens_details"));
        Map<String, RawJson> completion = JsonTree.members(usage.get("completion_tokens_details"));
        return new Usage(
                count(usage, "prompt_tokens"),
                count(usage, "completion_tokens"),
                count(usage, "total_tokens"),
                new Usage.PromptDetails(
                        count(prompt, "cached_tokens"),
                        count(prompt, "cache_write_tokens"),
                        count(prompt, "audio_tokens"),
                        count(prompt, "video_tokens")),
                new Usage.CompletionDetails(
                        count(completion, "reasoning_tokens"),
                        count(completion, "image_tokens"),
                        count(completion, "audio_tokens"),
                        count(completion, "accepted_prediction_tokens"),
                        count(completion, "rejected_prediction_tokens")),
                json);
    }

    private static OpenRouterMetadata.@Nullable ServerToolUse serverTools(Map<String, RawJson> usage) {
        Map<String, RawJson> tools = JsonTree.members(usage.get("server_tool_use_details"));
        if (tools.isEmpty()) {
            tools = JsonTree.members(usage.get("server_tool_use"));
        }
        return tools.isEmpty()
                ? null
                : new OpenRouterMetadata.ServerToolUse(
                        count(tools, "tool_calls_requested"),
                        count(tools, "tool_calls_executed"),
                        count(tools, "web_search_requests"));
    }

    private static @Nullable BigDecimal decimal(Map<String, RawJson> members, String name) {
        return JsonTree.value(members.get(name), Lenient::decimal);
    }

    private static long count(Map<String, RawJson> members, String name) {
        Long count = JsonTree.value(members.get(name), Lenient::whole);
        return count == null ? 0 : count;
    }
}
