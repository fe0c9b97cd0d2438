package dev.portolan.api.async;

import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * An embedding port for code that must not block. Its futures are cancelled, and fail, as {@link AsyncChat} tells.
 *
 * <p>Thread-safe. The executor remains yours to shut down.
 */
public final class AsyncEmbeddings {
    private final EmbeddingPort port;
    private final Executor executor;

    private AsyncEmbeddings(EmbeddingPort port, Executor executor) {
        this.port = Objects.requireNonNull(port, "port");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * The port, called by the threads of the executor.
     *
     * @param executor runs the calls; one that runs them in the calling thread makes them block
     */
    public static AsyncEmbeddings of(EmbeddingPort port, Executor executor) {
        return new AsyncEmbeddings(port, executor);
    }

    /**
     * Embeds all inputs of a request.
     *
     * @return what {@link EmbeddingPort#embed} gives or throws; it can be cancelled
     */
    public CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request) {
        Objects.requireNonNull(request, "request");
        return CallFuture.of(() -> port.embed(request), executor);
    }
}
