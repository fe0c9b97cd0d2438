package dev.portolan.typed;

import dev.portolan.api.chat.ToolCall;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of a tool call.
 *
 * @param call the call, as the model made it
 * @param content what the model is told: the result, or <code>{"error": "…"}</code>
 * @param failure what the tool threw; an {@link IllegalArgumentException} if there is no such tool or the arguments do not fit;
 *     {@code null} if it went well
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
