package dev.portolan.api.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a request and how they may be used.
 *
 * @param tools what the model may call; empty for nothing
 * @param choice whether and what it must call; {@code null} for the default, its own decision
 * @param parallel whether several calls may come at once; {@code null} for the default, yes
 */
public record ToolUse(
        List<Tool> tools,
        @Nullable ToolChoice choice,
        @Nullable Boolean parallel) {
    /** No tools. */
    public static final ToolUse NONE = new ToolUse(List.of(), null, null);

    /** Copies the list. */
    public ToolUse {
        tools = List.copyOf(tools);
    }
}
