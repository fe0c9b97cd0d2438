package dev.portolan.typed;

/**
 * A loop that is running and ends with a value.
 *
 * @param <T> the type of the value
 */
public interface ToolLoopAnswerStream<T> extends ToolLoopStream {
    /**
     * Reads whatever has not been read, and gives the value with all rounds: the same that a blocking call would have given.
     *
     * @throws dev.portolan.api.error.PortolanException as {@link #next()}
     */
    ToolLoopAnswer<T> answer();
}
