package dev.portolan.api.chat;

/**
 * Sends conversations to a model and brings its answers.
 *
 * <p>Both methods block the calling thread, which may be a virtual one, and end when it is interrupted. Implementations are thread-safe: one port serves
 * any number of threads. Every failure is a {@link dev.portolan.api.error.PortolanException}; its class tells what to do
 * about it.
 */
public interface ChatPort {
    /**
     * Sends a request and waits for the whole answer.
     *
     * @throws dev.portolan.api.error.PortolanException if there is no answer, or only a part of one
     */
    ChatResponse complete(ChatRequest request);

    /**
     * Sends a request and returns when the answer begins.
     *
     * @return the answer as it comes; must be closed
     * @throws dev.portolan.api.error.PortolanException if the request was refused before the answer began
     */
    ChatStream stream(ChatRequest request);
}
