package dev.portolan.typed;

import org.jspecify.annotations.Nullable;

/**
 * What a tool does.
 *
 * @param <A> its arguments
 */
@FunctionalInterface
public interface ToolBody<A> {
    /**
     * Does it. Must be thread-safe if a loop runs calls in parallel, and should end when it is interrupted.
     *
     * @return text, which the model gets as it is; or a record, {@code Map}, {@code Iterable}, array, {@code Optional}, number,
     *     boolean, enum, {@code java.time} value, {@code Path}, {@link dev.portolan.api.RawJson} or {@code null}, which it gets as
     *     JSON. Of anything else it is told only that the work was done
     * @throws Exception if it cannot; the model is told the message, or the loop ends, as the loop says
     */
    @Nullable Object call(A arguments) throws Exception;
}
