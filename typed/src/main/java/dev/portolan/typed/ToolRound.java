package dev.portolan.typed;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One round of a loop: the model is asked, and the tools that it calls are run.
 *
 * @param number its place, from 1
 * @param request what was asked, the conversation so far included
 * @param response what the model said
 * @param results what came of its tool calls, in their order; empty in the last round
 * @param modelTime how long the model took
 * @param toolTime how long the tools took, from the first start to the last end
 */
public record ToolRound(
        int number,
        ChatRequest request,
        ChatResponse response,
        List<ToolResult> results,
        Duration modelTime,
        Duration toolTime) {
    /** Copies the list. */
    public ToolRound {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(response, "response");
        results = List.copyOf(results);
        Objects.requireNonNull(modelTime, "modelTime");
        Objects.requireNonNull(toolTime, "toolTime");
    }
}
