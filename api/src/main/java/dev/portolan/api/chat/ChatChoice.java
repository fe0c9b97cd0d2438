package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a reply. OpenRouter gives exactly one; other servers may give several.
 *
 * @param index its place, from 0
 * @param message what the model said; may be sent back as it is
 * @param finishReason why it ended
 * @param logprobs how likely each token was; {@code null} unless asked for
 * @param extras further members by their name on the wire
 */
public record ChatChoice(
        int index,
        AssistantMessage message,
        FinishReason finishReason,
        @Nullable LogProbs logprobs,
        Map<String, RawJson> extras) {
    /** Copies the map. */
    public ChatChoice {
        extras = Contents.orderedCopy(extras);
    }
}
