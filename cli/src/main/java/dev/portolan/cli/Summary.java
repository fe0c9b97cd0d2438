package dev.portolan.cli;

import dev.portolan.api.Reply;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingResponse;

/** The closing line of a command: what answered, what it used and what it cost. */
final class Summary {
    private Summary() {}

    /**
     * For example {@code google/gemini-2.5-flash · 9 in, 6 out · $0.00012}.
     *
     * @param counts what else there is to count, such as {@code 2 images}
     */
    static String of(Reply reply, String... counts) {
        StringBuilder line = new StringBuilder(reply.model().isEmpty() ? "unknown model" : reply.model());
        for (String count : counts) {
            line.append(" · ").append(count);
        }
        return line.append(" · ")
                .append(tokens(reply))
                .append(" · ")
                .append(reply.cost().isKnown() ? reply.cost().toString() : "cost unknown")
                .toString();
    }

    /** For example {@code 1 image}, {@code 2 images}. */
    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String tokens(Reply reply) {
        Usage usage = reply.usage();
        if (!usage.isReported()) {
            return "tokens unknown";
        } else if (reply instanceof EmbeddingResponse) {
            return count(usage.totalTokens(), "token");
        }
        return usage.promptTokens() + " in" + of(usage.prompt().cachedTokens(), "cached")
                + ", " + usage.completionTokens() + " out"
                + of(usage.completion().reasoningTokens(), "reasoning");
    }

    private static String of(long count, String what) {
        return count == 0 ? "" : " (" + count + " " + what + ")";
    }
}
