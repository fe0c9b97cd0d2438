package dev.portolan.typed;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ToolCall;

/** One step of a loop that is running. A stream of them ends with {@link LoopFinished}. */
public sealed interface ToolLoopEvent {
    /** The number of the round, from 1. */
    int round();

    /**
     * The model is about to be asked.
     *
     * @param round the number of the round
     * @param request what it is asked
     */
    record RoundStarted(int round, ChatRequest request) implements ToolLoopEvent {}

    /**
     * The model wrote something.
     *
     * @param round the number of the round
     * @param event what it wrote
     */
    record ModelEvent(int round, ChatEvent event) implements ToolLoopEvent {}

    /**
     * A tool is about to run.
     *
     * @param round the number of the round
     * @param call the call
     */
    record ToolStarted(int round, ToolCall call) implements ToolLoopEvent {}

    /**
     * A tool has done its work. Of tools that run in parallel, the fastest is told first.
     *
     * @param round the number of the round
     * @param result what came of it
     */
    record ToolFinished(int round, ToolResult result) implements ToolLoopEvent {}

    /**
     * A tool failed, or there is none of that name, or its arguments do not fit, or what it returned cannot be written; the model
     * is told.
     *
     * @param round the number of the round
     * @param result what came of it, with the {@link ToolResult#failure() failure}
     */
    record ToolFailed(int round, ToolResult result) implements ToolLoopEvent {}

    /**
     * The model has answered, and all tools that it called have ended.
     *
     * @param round the number of the round
     * @param finished all of it
     */
    record RoundFinished(int round, ToolRound finished) implements ToolLoopEvent {}

    /**
     * The model has given its answer.
     *
     * @param round the number of the last round
     * @param reply all rounds
     */
    record LoopFinished(int round, ToolLoopReply reply) implements ToolLoopEvent {}
}
