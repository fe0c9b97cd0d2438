package dev.portolan.api.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the reply may be: how long, in which modalities, with what beside it
 * (OpenRouter reference: chat-completions §1.1). {@code null} means not sent.
 *
 * @param maxCompletionTokens the longest the answer may be, in tokens, reasoning included; at least 1
 * @param maxTokens the older name of the same limit, for servers that know only that; at least 1
 * @param modalities what the model may produce; empty for its default
 * @param audio voice and format, when {@link Modality#AUDIO} is asked for
 * @param verbosity how wordy the answer is
 * @param logprobs whether the likelihood of each token comes with the answer
 * @param topLogprobs how many alternatives come with each token, 0 to 20; needs {@code logprobs}
 * @param prediction text that the answer will probably repeat, to speed it up
 */
public record Output(
        @Nullable Integer maxCompletionTokens,
        @Nullable Integer maxTokens,
        List<Modality> modalities,
        @Nullable AudioFormat audio,
        @Nullable Verbosity verbosity,
        @Nullable Boolean logprobs,
        @Nullable Integer topLogprobs,
        @Nullable String prediction) {
    /** Nothing set. */
    public static final Output DEFAULT = new Output(null, null, List.of(), null, null, null, null, null);

    /**
     * Checks the ranges and copies the list.
     *
     * @throws IllegalArgumentException if a value is out of its range, or {@code topLogprobs} comes without
     *     {@code logprobs}
     */
    public Output {
        Ranges.check("max_completion_tokens", maxCompletionTokens, 1, Integer.MAX_VALUE);
        Ranges.check("max_tokens", maxTokens, 1, Integer.MAX_VALUE);
        Ranges.check("top_logprobs", topLogprobs, 0, 20);
        if (topLogprobs != null && !Boolean.TRUE.equals(logprobs)) {
            throw new IllegalArgumentException("top_logprobs needs logprobs to be true");
        }
        modalities = List.copyOf(modalities);
    }

    /** A kind of output. */
    public enum Modality {
        /** Words. */
        TEXT,
        /** Pictures. */
        IMAGE,
        /** Sound; only in streams. */
        AUDIO
    }

    /**
     * The sound that is wanted.
     *
     * @param voice the speaker, by the model's name for it
     * @param format {@code wav mp3 flac opus pcm16}
     */
    public record AudioFormat(String voice, String format) {}

    /** How wordy an answer is. */
    public enum Verbosity {
        /** Few words. */
        LOW,
        /** The usual amount. */
        MEDIUM,
        /** Many words. */
        HIGH,
        /** More still. */
        XHIGH,
        /** As many as the model will. */
        MAX
    }
}
