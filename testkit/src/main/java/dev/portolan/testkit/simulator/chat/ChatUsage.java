package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.state.Charge;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Tokens and their exact cost (OpenRouter reference: chat-completions §2.6, routing §8). */
record ChatUsage(
        int promptTokens,
        int cachedTokens,
        int cacheWriteTokens,
        int completionTokens,
        int reasoningTokens,
        int imageTokens,
        Charge charge,
        @Nullable JsonObject serverTools) {

    /** Of an answer from the response cache: nothing was used, nothing is charged. */
    static final ChatUsage NOTHING = new ChatUsage(0, 0, 0, 0, 0, 0, Charge.NOTHING, null);

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
                routed.free()
                        ? Charge.NOTHING
                        : charge(routed.model().pricing(), prompt, completionTokens, imageTokens),
                serverTools);
    }

    private static Charge charge(
            SimulatedModel.Pricing pricing, PromptUse prompt, int completionTokens, int imageTokens) {
        return new Charge(promptCost(pricing, prompt), completionCost(pricing, completionTokens, imageTokens));
    }

    private static BigDecimal promptCost(SimulatedModel.Pricing pricing, PromptUse use) {
        BigDecimal read = pricing.cacheRead() == null ? pricing.prompt() : pricing.cacheRead();
        BigDecimal write = pricing.cacheWrite() == null ? pricing.prompt() : pricing.cacheWrite();
        return Charge.times(pricing.prompt(), use.tokens() - use.cached() - use.written())
                .add(Charge.times(read, use.cached()))
                .add(Charge.times(write, use.written()))
                .add(Charge.times(pricing.request(), 1))
                .add(Charge.times(pricing.image(), use.images()));
    }

    private static BigDecimal completionCost(SimulatedModel.Pricing pricing, int tokens, int imageTokens) {
        BigDecimal image = pricing.imageOutput() == null ? pricing.completion() : pricing.imageOutput();
        return Charge.times(pricing.completion(), tokens - imageTokens).add(Charge.times(image, imageTokens));
    }

    BigDecimal cost() {
        return charge.cost();
    }

    JsonObject json() {
        JsonObject usage = new JsonObject()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens)
                .putAll(charge.json())
                .put(
                        "prompt_tokens_details",
                        new JsonObject()
                                .put("cached_tokens", cachedTokens)
                                .put("cache_write_tokens", cacheWriteTokens)
                                .put("audio_tokens", 0)
                                .put("video_tokens", 0))
                .put(
                        "completion_tokens_details",
                        new JsonObject()
                                .put("reasoning_tokens", reasoningTokens)
                                .put("image_tokens", imageTokens)
                                .put("audio_tokens", 0));
        return usage.putIfPresent("server_tool_use_details", serverTools);
    }
}
