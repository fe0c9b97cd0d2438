package dev.portolan.typed;

import java.util.Objects;

/**
 * A value that a model gave after it had called tools, and how it came to it.
 *
 * @param value the value
 * @param reply the rounds
 * @param <T> the type of the value
 */
public record ToolLoopAnswer<T>(T value, ToolLoopReply reply) {
    /** Checks that nothing is missing. */
    public ToolLoopAnswer {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(reply, "reply");
    }
}
