package dev.portolan.api.embedding;

import dev.portolan.api.chat.ContentPart;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to embed; it gets one vector (OpenRouter reference: embeddings §1). All inputs of a request are of one
 * kind.
 */
public sealed interface EmbeddingInput {
    /**
     * A text.
     *
     * @param text not blank
     */
    record Text(String text) implements EmbeddingInput {
        /**
         * Checks the text.
         *
         * @throws IllegalArgumentException if it is blank
         */
        public Text {
            if (text.isBlank()) {
                throw new IllegalArgumentException("A text to embed must not be empty or blank");
            }
        }
    }

    /**
     * A text that is split into tokens already.
     *
     * @param tokens the tokens' numbers, at least one; handed over, not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // token arrays are large; equals and hashCode are by content
    record Tokens(int[] tokens) implements EmbeddingInput {
        /**
         * Checks that there are tokens.
         *
         * @throws IllegalArgumentException if there are none
         */
        public Tokens {
            if (tokens.length == 0) {
                throw new IllegalArgumentException("Tokens to embed must not be empty");
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Tokens same && Arrays.equals(same.tokens, tokens);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(tokens);
        }

        @Override
        public String toString() {
            return "Tokens[" + tokens.length + "]";
        }
    }

    /**
     * Several kinds of content that get one vector together.
     *
     * @param parts texts, images, sounds, videos, files; at least one
     */
    record Content(List<ContentPart> parts) implements EmbeddingInput {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Content {
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("Content to embed must have at least one part");
            }
            parts = List.copyOf(parts);
        }
    }
}
