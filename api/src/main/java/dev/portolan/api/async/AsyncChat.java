package dev.portolan.api.async;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * A chat port for code that must not block: whole answers as futures, answers in the making as reactive streams.
 *
 * <pre>{@code
 * ExecutorService executor = Executors.newCachedThreadPool();
 * AsyncChat async = AsyncChat.of(chat, executor);
 * async.complete(request)
 *         .orTimeout(30, TimeUnit.SECONDS)
 *         .thenAccept(reply -> System.out.println(reply.text()));
 * }</pre>
 *
 * <p>A call holds one thread of the executor until it ends, and a stream holds one while it reads; so the executor bounds
 * how many there are at once. On Java 21 and later one thread per task, and a virtual one, suits best.
 *
 * <p><b>Cancelling.</b> Whoever completes a future from outside ends its call: {@code cancel} with {@code true} or
 * {@code false}, {@code orTimeout}, {@code completeOnTimeout}, {@code complete} and {@code completeExceptionally}. A call that
 * has not begun never does; the thread of one under way is interrupted, which closes the connection at once. The same goes
 * for every future that depends on it, as {@code thenApply} gives; the others that depend on the call are cancelled with it.
 * Give away {@code copy()} where that is not wanted. What {@code thenCompose} begins, and what {@code allOf} and
 * {@code anyOf} wait for, is out of reach.
 *
 * <p><b>Errors.</b> A future fails with the {@link dev.portolan.api.error.PortolanException} of the port itself, which
 * {@code CompletableFuture} wraps into an exception of its own on the way to a dependent and out of {@code join} and
 * {@code get}. It fails with the executor's exception, mostly a
 * {@link java.util.concurrent.RejectedExecutionException}, if that did not take the call; no method throws it.
 *
 * <p>Thread-safe. The executor remains yours to shut down.
 */
public final class AsyncChat {
    private final ChatPort port;
    private final Executor executor;

    private AsyncChat(ChatPort port, Executor executor) {
        this.port = Objects.requireNonNull(port, "port");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * The port, called by the threads of the executor.
     *
     * @param executor runs the calls; one that runs them in the calling thread makes them block
     */
    public static AsyncChat of(ChatPort port, Executor executor) {
        return new AsyncChat(port, executor);
    }

    /**
     * Sends a request, and brings the whole answer.
     *
     * @return what {@link ChatPort#complete} gives or throws; it can be cancelled
     */
    public CompletableFuture<ChatResponse> complete(ChatRequest request) {
        Objects.requireNonNull(request, "request");
        return CallFuture.of(() -> port.complete(request), executor);
    }

    /**
     * The answer as it is being written. Nothing is sent before a subscriber asks for its first event; each subscriber
     * makes a call of its own, which costs its own money. The last event is {@link ChatEvent.ResponseFinished}, with the
     * whole answer.
     *
     * @return a publisher with the rules of {@link StreamPublisher}
     */
    public Flow.Publisher<ChatEvent> stream(ChatRequest request) {
        return StreamPublisher.of(port, request, executor);
    }
}
