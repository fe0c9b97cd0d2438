package dev.portolan.api.embedding;

/**
 * Turns content into vectors, so that what means the same lies close together.
 *
 * <p>Blocks the calling thread, which may be a virtual one. Implementations are thread-safe. Every failure is a
 * {@link dev.portolan.api.error.PortolanException}.
 */
public interface EmbeddingPort {
    /**
     * Embeds all inputs of a request. Many inputs are sent in several batches at once; the result is the same.
     *
     * @return as many vectors as there are inputs, in the same order
     * @throws dev.portolan.api.error.PortolanException if any batch fails; what succeeded is in its
     *     {@link dev.portolan.api.error.PortolanException#partial(Class) partial result}
     */
    EmbeddingResponse embed(EmbeddingRequest request);
}
