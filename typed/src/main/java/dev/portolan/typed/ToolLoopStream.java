package dev.portolan.typed;

import dev.portolan.api.ReplyStream;

/**
 * A loop that is running, to be read event by event and closed. It goes on only when the next event is asked for, but for tools
 * that run in parallel. Closing it, from any thread, closes the connection to the model and interrupts the tools that run.
 *
 * <pre>{@code
 * try (ToolLoopStream stream = loop.stream(request)) {
 *     for (ToolLoopEvent event : stream) {
 *         if (event instanceof ToolLoopEvent.ToolStarted tool) {
 *             System.out.println(tool.call().name() + " …");
 *         }
 *     }
 *     System.out.println(stream.response().text());
 * }
 * }</pre>
 */
public interface ToolLoopStream extends ReplyStream<ToolLoopEvent, ToolLoopReply> {}
