package dev.portolan.api.async;

import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * An image port for code that must not block. Its futures are cancelled, and fail, as {@link AsyncChat} tells.
 *
 * <p>Thread-safe. The executor remains yours to shut down.
 */
public final class AsyncImages {
    private final ImagePort port;
    private final Executor executor;

    private AsyncImages(ImagePort port, Executor executor) {
        this.port = Objects.requireNonNull(port, "port");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * The port, called by the threads of the executor.
     *
     * @param executor runs the calls; one that runs them in the calling thread makes them block
     */
    public static AsyncImages of(ImagePort port, Executor executor) {
        return new AsyncImages(port, executor);
    }

    /**
     * Draws, and brings the finished images.
     *
     * @return what {@link ImagePort#generate} gives or throws; it can be cancelled
     */
    public CompletableFuture<ImageResponse> generate(ImageRequest request) {
        Objects.requireNonNull(request, "request");
        return CallFuture.of(() -> port.generate(request), executor);
    }

    /**
     * The images as they are being drawn. Nothing is sent before a subscriber asks for its first event; each subscriber
     * makes a call of its own, which costs its own money. The last event is {@link ImageEvent.Finished}, with all images.
     *
     * @return a publisher with the rules of {@link StreamPublisher}
     */
    public Flow.Publisher<ImageEvent> stream(ImageRequest request) {
        return StreamPublisher.of(port, request, executor);
    }
}
