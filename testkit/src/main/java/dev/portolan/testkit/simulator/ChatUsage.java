package dev.portolan.testkit.simulator;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Tokens and their exact cost (chat-completions.md §2.6, routing.md §8). */
record ChatUsage(
        int promptTokens,
        int cachedTokens,
        int cacheWriteTokens,
        int completionTokens,
        int reasoningTokens,
        int imageTokens,
        BigDecimal promptCost,
        BigDecimal completionCost,
        @Nullable JsonObject serverTools) {

    /** Of an answer from the response cache: nothing was used, nothing is charged. */
    static final ChatUsage NOTHING = new ChatUsage(0, 0, 0, 0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO, null);

    static ChatUsage of(
            RoutedModel routed,
            PromptUse prompt,
            int completionTokens,
            int reasoningTokens,
            int imageTokens,
            @Nullable JsonObject serverTools) {
        return new ChatUsage(
                prompt.tokens(),
                prompt.cached(),
                prompt.written(),
                completionTokens,
                reasoningTokens,
                imageTokens,
                routed.free() ? BigDecimal.ZERO : promptCost(routed.model().pricing(), prompt),
                routed.free()
                        ? BigDecimal.ZERO
                        : completionCost(routed.model().pricing(), completionTokens, imageTokens),
                serverTools);
    }

    private static BigDecimal promptCost(SimulatedModel.Pricing pricing, PromptUse use) {
        BigDecimal read = pricing.cacheRead() == null ? pricing.prompt() : pricing.cacheRead();
        BigDecimal write = pricing.cacheWrite() == null ? pricing.prompt() : pricing.cacheWrite();
        return cost(pricing.prompt(), use.tokens() - use.cached() - use.written())
                .add(cost(read, use.cached()))
                .add(cost(write, use.written()));
    }

    private static BigDecimal completionCost(SimulatedModel.Pricing pricing, int tokens, int imageTokens) {
        BigDecimal image = pricing.imageOutput() == null ? pricing.completion() : pricing.imageOutput();
        return cost(pricing.completion(), tokens - imageTokens).add(cost(image, imageTokens));
    }

    private static BigDecimal cost(BigDecimal price, int tokens) {
        return price.multiply(BigDecimal.valueOf(tokens));
    }

    BigDecimal cost() {
        return plain(promptCost.add(completionCost));
    }

    /** Without the trailing zeros that only say how the number was computed. */
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    JsonObject json() {
        JsonObject usage = new JsonObject()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens)
                .put("cost", cost())
                .put("is_byok", false)
                .put(
                        "prompt_tokens_details",
                        new JsonObject()
                                .put("cached_tokens", cachedTokens)
                                .put("cache_write_tokens", cacheWriteTokens)
                                .put("audio_tokens", 0)
                                .put("video_tokens", 0))
                .put(
                        "cost_details",
                        new JsonObject()
                                .put("upstream_inference_cost", cost())
                                .put("upstream_inference_prompt_cost", plain(promptCost))
                                .put("upstream_inference_completions_cost", plain(completionCost)))
                .put(
                        "completion_tokens_details",
                        new JsonObject()
                                .put("reasoning_tokens", reasoningTokens)
                                .put("image_tokens", imageTokens)
                                .put("audio_tokens", 0));
        return usage.putIfPresent("server_tool_use_details", serverTools);
    }
}
