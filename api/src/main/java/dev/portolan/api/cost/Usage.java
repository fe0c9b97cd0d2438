package dev.portolan.api.cost;

import dev.portolan.api.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a call used, as the provider counted them (OpenRouter reference: chat-completions §2.6). A count that
 * was not reported is 0; {@link #raw()} tells what was.
 *
 * @param promptTokens tokens going in, cached ones included
 * @param completionTokens tokens coming out, reasoning included
 * @param totalTokens both together, as reported
 * @param prompt what the tokens going in were
 * @param completion what the tokens coming out were
 * @param raw the provider's own object, as it came; {@code null} if it sent none
 */
public record Usage(
        long promptTokens,
        long completionTokens,
        long totalTokens,
        PromptDetails prompt,
        CompletionDetails completion,
        @Nullable RawJson raw) {
    /** The provider said nothing about usage. */
    public static final Usage NOT_REPORTED = new Usage(0, 0, 0, PromptDetails.NONE, CompletionDetails.NONE, null);

    /** Usage of which only the totals are known. */
    public static Usage of(long promptTokens, long completionTokens) {
        return new Usage(
                promptTokens,
                completionTokens,
                promptTokens + completionTokens,
                PromptDetails.NONE,
                CompletionDetails.NONE,
                null);
    }

    /** This and another together; without a raw object. */
    public Usage plus(Usage other) {
        return new Usage(
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                totalTokens + other.totalTokens,
                prompt.plus(other.prompt),
                completion.plus(other.completion),
                null);
    }

    /** Whether any usage is known. */
    public boolean isReported() {
        return !equals(NOT_REPORTED);
    }

    /**
     * Parts of the tokens going in.
     *
     * @param cachedTokens read from the prompt cache
     * @param cacheWriteTokens written to the prompt cache
     * @param audioTokens sound
     * @param videoTokens video
     */
    public record PromptDetails(long cachedTokens, long cacheWriteTokens, long audioTokens, long videoTokens) {
        /** Nothing reported. */
        public static final PromptDetails NONE = new PromptDetails(0, 0, 0, 0);

        PromptDetails plus(PromptDetails other) {
            return new PromptDetails(
                    cachedTokens + other.cachedTokens,
                    cacheWriteTokens + other.cacheWriteTokens,
                    audioTokens + other.audioTokens,
                    videoTokens + other.videoTokens);
        }
    }

    /**
     * Parts of the tokens coming out.
     *
     * @param reasoningTokens spent on reasoning
     * @param imageTokens images
     * @param audioTokens sound
     * @param acceptedPredictionTokens of a prediction, used
     * @param rejectedPredictionTokens of a prediction, not used but charged
     */
    public record CompletionDetails(
            long reasoningTokens,
            long imageTokens,
            long audioTokens,
            long acceptedPredictionTokens,
            long rejectedPredictionTokens) {
        /** Nothing reported. */
        public static final CompletionDetails NONE = new CompletionDetails(0, 0, 0, 0, 0);

        CompletionDetails plus(CompletionDetails other) {
            return new CompletionDetails(
                    reasoningTokens + other.reasoningTokens,
                    imageTokens + other.imageTokens,
                    audioTokens + other.audioTokens,
                    acceptedPredictionTokens + other.acceptedPredictionTokens,
                    rejectedPredictionTokens + other.rejectedPredictionTokens);
        }
    }
}
