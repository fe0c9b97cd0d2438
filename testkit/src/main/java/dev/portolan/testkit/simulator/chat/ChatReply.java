package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.text.Tokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model says to one request, however it is sent: the blocking answer and the stream are two ways to write it.
 *
 * @param reasoning what it thought, or null; thought may be hidden, and is paid all the same
 * @param textTokens the text, in tokens
 * @param topLogprobs how many alternatives to give for each token, or null if no log probabilities were asked for
 */
public record ChatReply(
        RoutedModel routed,
        @Nullable String reasoning,
        boolean reasoningVisible,
        List<String> textTokens,
        List<PlannedCall> calls,
        List<ChatPicture> images,
        JsonArray annotations,
        String finishReason,
        String nativeFinishReason,
        @Nullable Integer topLogprobs,
        String serviceTier,
        PromptUse prompt,
        ChatUsage usage) {
    String text() {
        return String.join("", textTokens);
    }

    UpstreamDialect dialect() {
        return UpstreamDialect.of(routed.model());
    }

    @Nullable String visibleReasoning() {
        return reasoningVisible ? reasoning : null;
    }

    int reasoningTokens() {
        return reasoning == null ? 0 : Tokens.count(reasoning);
    }

    /** What the client pays that went away after this many tokens. */
    ChatUsage usageAfter(int completionTokens, int imageTokens) {
        return ChatUsage.of(
                routed,
                prompt,
                completionTokens,
                Math.min(usage.reasoningTokens(), completionTokens),
                imageTokens,
                usage.serverTools());
    }

    /** The same from the response cache: free. */
    ChatReply replayed() {
        return new ChatReply(
                routed,
                reasoning,
                reasoningVisible,
                textTokens,
                calls,
                images,
                annotations,
                finishReason,
                nativeFinishReason,
                topLogprobs,
                serviceTier,
                prompt,
                ChatUsage.NOTHING);
    }
}
