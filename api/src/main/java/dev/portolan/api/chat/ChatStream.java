package dev.portolan.api.chat;

import dev.portolan.api.ReplyStream;
import java.util.function.Consumer;

/**
 * An answer that is being written, to be read event by event and closed.
 *
 * <pre>{@code
 * try (ChatStream stream = chat.stream(request)) {
 *     for (ChatEvent event : stream) {
 *         if (event instanceof ChatEvent.TextDelta delta) {
 *             System.out.print(delta.text());
 *         }
 *     }
 *     System.err.println(stream.response().cost());
 * }
 * }</pre>
 *
 * <p>{@link #next()} gives {@code null} after {@link ChatEvent.ResponseFinished}.
 */
public interface ChatStream extends ReplyStream<ChatEvent, ChatResponse> {
    /**
     * Hands each piece of the first answer's text to {@code consumer} as it comes, until the answer is complete.
     *
     * @return the whole answer
     * @throws dev.portolan.api.error.PortolanException as {@link #next()}
     */
    default ChatResponse forEachText(Consumer<String> consumer) {
        for (ChatEvent event = next(); event != null; event = next()) {
            if (event instanceof ChatEvent.TextDelta delta && delta.choice() == 0) {
                consumer.accept(delta.text());
            }
        }
        return response();
    }
}
