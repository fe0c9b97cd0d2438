package dev.portolan.typed;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One round of a loop: the model is asked, and the tools that it calls are run.
 *
 * @param number its place, from 1
 * @param request what was asked, the conversation so far included
 * @param response what the model said
 * @param results what came of its tool calls, in their order; empty in the last round
 * @param modelTime how long was waited for the model; what its reader does between the events of a stream does not count
 * @param toolTime how long at least one tool ran
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

    /** What the round adds to the conversation; nothing as long as a call is not answered. */
    List<Message> messages() {
        List<Message> added = new ArrayList<>();
        if (results.size() == response.toolCalls().size() && !response.message().isEmpty()) {
            added.add(response.message());
            results.forEach(result -> added.add(Message.tool(result.call().id(), result.content())));
        }
        return added;
    }
}
