package dev.portolan.api.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen (OpenRouter reference: chat-completions §1.1). {@code null} means not sent, which is not
 * the same as sending the default.
 *
 * @param temperature 0 to 2; lower is more predictable
 * @param topP 0 to 1; only the likeliest tokens with this share together
 * @param topK 0 or more; only so many tokens, 0 for all
 * @param minP 0 to 1; only tokens at least this likely, relative to the likeliest
 * @param topA 0 to 1; a minimum that grows with the square of the likeliest
 * @param frequencyPenalty -2 to 2; grows with each repetition
 * @param presencePenalty -2 to 2; once a token has appeared
 * @param repetitionPenalty 0 to 2; 1 for none
 * @param seed for repeatable answers, where the model can
 * @param stop at most 4 texts before which the answer ends
 * @param logitBias token id to -100..100, added to its likelihood
 */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double topA,
        @Nullable Double frequencyPenalty,
        @Nullable Double presencePenalty,
        @Nullable Double repetitionPenalty,
        @Nullable Long seed,
        List<String> stop,
        Map<String, Double> logitBias) {
    /** Nothing set. */
    public static final Sampling DEFAULT =
            new Sampling(null, null, null, null, null, null, null, null, null, List.of(), Map.of());

    /**
     * Checks the ranges and copies the collections.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names the field and the range
     */
    public Sampling {
        Ranges.check("temperature", temperature, 0, 2);
        Ranges.check("top_p", topP, 0, 1);
        Ranges.check("top_k", topK, 0, Integer.MAX_VALUE);
        Ranges.check("min_p", minP, 0, 1);
        Ranges.check("top_a", topA, 0, 1);
        Ranges.check("frequency_penalty", frequencyPenalty, -2, 2);
        Ranges.check("presence_penalty", presencePenalty, -2, 2);
        Ranges.check("repetition_penalty", repetitionPenalty, 0, 2);
        if (stop.size() > 4) {
            throw new IllegalArgumentException("stop takes at most 4 texts, found " + stop.size());
        }
        stop = List.copyOf(stop);
        logitBias = Contents.orderedCopy(logitBias);
        logitBias.forEach((token, bias) -> Ranges.check("logit_bias of token " + token, bias, -100, 100));
    }
}
