package dev.portolan.typed;

import dev.portolan.api.chat.ToolCall;
import java.util.Objects;

/** A tool threw an error, or an exception where the loop was to end then. What it threw is the cause. */
public final class ToolFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ToolCall call;
    private final transient ToolLoopReply rounds;

    /**
     * Of this call.
     *
     * @param rounds the rounds so far, that of the call included
     */
    public ToolFailedException(ToolCall call, ToolLoopReply rounds, Throwable cause) {
        super("The tool '" + call.name() + "' failed, and the loop with it; see the cause", cause);
        this.call = Objects.requireNonNull(call, "call");
        this.rounds = Objects.requireNonNull(rounds, "rounds");
    }

    /** The call that failed. */
    public ToolCall call() {
        return call;
    }

    /** The rounds so far, that of the call included. */
    public ToolLoopReply rounds() {
        return rounds;
    }
}
