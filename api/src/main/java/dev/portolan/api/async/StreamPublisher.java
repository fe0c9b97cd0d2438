package dev.portolan.api.async;

import dev.portolan.api.ReplyStream;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Replies in the making as a reactive stream, by the rules of <a
 * href="https://github.com/reactive-streams/reactive-streams-jvm">Reactive Streams</a>; what takes a {@link Flow.Publisher},
 * such as Reactor, RxJava or Mutiny, takes this.
 *
 * <p>It is cold: each subscriber opens a stream of its own, that is, makes and pays a call of its own, when it first asks
 * for an event. Then an event is read from the connection only when it was asked for, so that a slow subscriber slows the
 * sender down, within the provider's and your own time limits. A thread of the executor is held while events are asked for
 * and none while they are not; it also calls the subscriber.
 *
 * <p><b>Cancelling.</b> {@code cancel()} from any thread closes the connection at once: while the stream is opened, by
 * interrupting the thread that opens it, and afterwards by closing the stream. The interrupt does not outlive the opening.
 *
 * <p><b>Errors.</b> A subscriber gets the {@link dev.portolan.api.error.PortolanException} of the port or the stream
 * itself; the executor's exception, mostly a {@link java.util.concurrent.RejectedExecutionException}, if that did not take
 * the work; and an {@link IllegalArgumentException} if it asked for less than one event. What a subscriber itself throws
 * cancels its subscription and goes to the thread's uncaught exception handler.
 *
 * <p>Thread-safe. The executor remains yours to shut down.
 *
 * @param <E> what comes
 */
public final class StreamPublisher<E> implements Flow.Publisher<E> {
    private final Supplier<? extends ReplyStream<? extends E, ?>> opener;
    private final Predicate<? super E> last;
    private final Executor executor;

    private StreamPublisher(
            Supplier<? extends ReplyStream<? extends E, ?>> opener, Predicate<? super E> last, Executor executor) {
        this.opener = Objects.requireNonNull(opener, "opener");
        this.last = last;
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * Answers that are being written. {@code onComplete} follows {@link ChatEvent.ResponseFinished} at once.
     *
     * @param executor opens and reads the streams
     */
    public static StreamPublisher<ChatEvent> of(ChatPort port, ChatRequest request, Executor executor) {
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(request, "request");
        return new StreamPublisher<>(
                () -> port.stream(request), event -> event instanceof ChatEvent.ResponseFinished, executor);
    }

    /**
     * Images that are being drawn. {@code onComplete} follows {@link ImageEvent.Finished} at once.
     *
     * @param executor opens and reads the streams
     */
    public static StreamPublisher<ImageEvent> of(ImagePort port, ImageRequest request, Executor executor) {
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(request, "request");
        return new StreamPublisher<>(
                () -> port.stream(request), event -> event instanceof ImageEvent.Finished, executor);
    }

    /**
     * Streams of any kind. The end is found, and {@code onComplete} called, when one event more is asked for than there
     * are.
     *
     * @param opener makes the call, for each subscriber anew; blocks and is interruptible, as the ports are
     * @param executor opens and reads the streams
     */
    public static <E> StreamPublisher<E> of(Supplier<? extends ReplyStream<? extends E, ?>> opener, Executor executor) {
        return new StreamPublisher<>(opener, event -> false, executor);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super E> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new StreamSubscription<>(opener, last, executor, subscriber).start();
    }
}
