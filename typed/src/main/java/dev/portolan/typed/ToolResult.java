package dev.portolan.typed;

import dev.portolan.api.chat.ToolCall;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of a tool call.
 *
 * @param call the call, as the model made it
 * @param content what the model is told: the result, <code>{"error": "…"}</code>, or that it was done and what came of it cannot be
 *     shown
 * @param failure what the tool threw; an {@link IllegalArgumentException} if there is no such tool, the arguments do not fit, or
 *     what it returned cannot be written; {@code null} if it went well
 * @param duration how long the tool took
 */
public record ToolResult(
        ToolCall call, String content, @Nullable Exception failure, Duration duration) {
    /** Checks that nothing is missing. */
    public ToolResult {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(duration, "duration");
    }
}
