package dev.portolan.provider.openrouter.wire;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.UsageJson;
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
                UsageJson.tokens(usage, json),
                cost(charged, byok, upstream),
                charged,
                byok,
                upstream,
                decimal(costs, "upstream_inference_prompt_cost"),
                decimal(costs, "upstream_inference_completions_cost"),
                serverTools(usage));
    }

    /** With the caller's own key the provider's bill comes on top; otherwise it is inside {@code cost} already. */
    public static Cost cost(@Nullable BigDecimal charged, boolean byok, @Nullable BigDecimal upstream) {
        if (charged == null) {
            return Cost.UNKNOWN;
        }
        return Cost.reported(byok && upstream != null ? charged.add(upstream) : charged);
    }

    private static OpenRouterMetadata.@Nullable ServerToolUse serverTools(Map<String, RawJson> usage) {
        Map<String, RawJson> tools = JsonTree.members(usage.get("server_tool_use_details"));
        if (tools.isEmpty()) {
            tools = JsonTree.members(usage.get("server_tool_use"));
        }
        return tools.isEmpty()
                ? null
                : new OpenRouterMetadata.ServerToolUse(
                        UsageJson.count(tools, "tool_calls_requested"),
                        UsageJson.count(tools, "tool_calls_executed"),
                        UsageJson.count(tools, "web_search_requests"));
    }

    private static @Nullable BigDecimal decimal(Map<String, RawJson> members, String name) {
        return JsonTree.value(members.get(name), Lenient::decimal);
    }
}
