package dev.portolan.api.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely each token of an answer was (OpenRouter reference: chat-completions §2.2).
 *
 * @param content for the answer's text, token by token
 * @param refusal for the refusal's text, token by token
 */
public record LogProbs(List<Token> content, List<Token> refusal) {
    /** Copies the lists. */
    public LogProbs {
        content = List.copyOf(content);
        refusal = List.copyOf(refusal);
    }

    /**
     * A token that was chosen.
     *
     * @param token its text
     * @param logprob the natural logarithm of its likelihood, 0 or less
     * @param bytes its UTF-8 bytes, 0 to 255 each; {@code null} if not told
     * @param top the likeliest tokens at this place
     */
    public record Token(
            String token, double logprob, @Nullable List<Integer> bytes, List<Alternative> top) {
        /** Copies the lists. */
        public Token {
            bytes = bytes == null ? null : List.copyOf(bytes);
            top = List.copyOf(top);
        }
    }

    /**
     * A token that could have been chosen.
     *
     * @param token its text
     * @param logprob the natural logarithm of its likelihood, 0 or less
     * @param bytes its UTF-8 bytes, 0 to 255 each; {@code null} if not told
     */
    public record Alternative(
            String token, double logprob, @Nullable List<Integer> bytes) {
        /** Copies the list. */
        public Alternative {
            bytes = bytes == null ? null : List.copyOf(bytes);
        }
    }

    /** These, followed by {@code more}. */
    public LogProbs plus(LogProbs more) {
        return new LogProbs(joined(content, more.content), joined(refusal, more.refusal));
    }

    private static List<Token> joined(List<Token> first, List<Token> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }
}
