package dev.portolan.api.spi;

import dev.portolan.api.CallOptions;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A decorator that does the same about the calls of every port, blocking or streaming: it sees each begin, may refuse it, and
 * is told how it ended. Requests, events, replies and exceptions pass unchanged.
 *
 * <pre>{@code
 * final class Gauge extends CallDecorator {
 *     final AtomicInteger underWay = new AtomicInteger();
 *
 *     protected CallObserver begin(Request request) {
 *         underWay.incrementAndGet();
 *         return new CallObserver() {
 *             public void finished(Reply reply) { underWay.decrementAndGet(); }
 *             public void failed(Throwable failure) { underWay.decrementAndGet(); }
 *             public void closed() { underWay.decrementAndGet(); }
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p>A call lasts until its reply is there or it failed; a stream until its last event was read, by
 * {@link dev.portolan.api.ReplyStream#next} or by {@link dev.portolan.api.ReplyStream#response}, until it failed, or until it
 * was closed. A stream that is neither read to its end nor closed never ends.
 *
 * <p>Time that {@link #begin} takes counts for the {@linkplain dev.portolan.api.Timeouts#call() time limit of the call}, if
 * the request has one: what is passed on has what is left of it.
 *
 * <p>Thread-safe if {@link #begin} is.
 */
public abstract class CallDecorator implements PortDecorator {
    /** Below this the request is passed on as it is, rather than copied for a few microseconds. */
    private static final long WORTH_COUNTING_NANOS = 1_000_000;

    /** For subclasses. */
    protected CallDecorator() {}

    /**
     * A call is about to be made, on this thread. May wait.
     *
     * @param request a {@link ChatRequest}, an {@link EmbeddingRequest} or an {@link ImageRequest}
     * @return what is to be done about the call; made anew for each, or {@link CallObserver#NONE}
     * @throws dev.portolan.api.error.PortolanException to refuse the call: nothing is sent, and no observer is told
     */
    protected abstract CallObserver begin(Request request);

    @Override
    public ChatPort decorate(ChatPort port) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return call(request, ChatRequest::withCall, port::complete);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return open(request, ChatRequest::withCall, port::stream, ObservedChat::new);
            }
        };
    }

    @Override
    public EmbeddingPort decorate(EmbeddingPort port) {
        return request -> call(request, EmbeddingRequest::withCall, port::embed);
    }

    @Override
    public ImagePort decorate(ImagePort port) {
        return new ImagePort() {
            @Override
            public ImageResponse generate(ImageRequest request) {
                return call(request, ImageRequest::withCall, port::generate);
            }

            @Override
            public ImageStream stream(ImageRequest request) {
                return open(request, ImageRequest::withCall, port::stream, ObservedImages::new);
            }
        };
    }

    private <Q extends Request, R extends Reply> R call(
            Q request, BiFunction<Q, CallOptions, Q> withCall, Function<Q, R> port) {
        long begun = System.nanoTime();
        CallObserver observer = begin(request);
        R reply = sent(observer, request, begun, withCall, port);
        observer.finished(reply);
        return reply;
    }

    private <Q extends Request, S extends ReplyStream<?, ?>> S open(
            Q request,
            BiFunction<Q, CallOptions, Q> withCall,
            Function<Q, S> port,
            BiFunction<S, CallObserver, S> observed) {
        long begun = System.nanoTime();
        CallObserver observer = begin(request);
        S stream = sent(observer, request, begun, withCall, port);
        if (observer == CallObserver.NONE) {
            return stream;
        }
        opened(observer, stream);
        return observed.apply(stream, observer);
    }

    private static void opened(CallObserver observer, ReplyStream<?, ?> stream) {
        try {
            observer.opened(stream);
        } catch (Throwable e) {
            try {
                stream.close();
            } catch (RuntimeException notClosed) {
                e.addSuppressed(notClosed);
            }
            tellFailure(observer, e);
            throw e;
        }
    }

    private static <Q extends Request, T> T sent(
            CallObserver observer, Q request, long begun, BiFunction<Q, CallOptions, Q> withCall, Function<Q, T> port) {
        try {
            return port.apply(withTimeLeft(request, System.nanoTime() - begun, withCall));
        } catch (Throwable e) {
            tellFailure(observer, e);
            throw e;
        }
    }

    private static <Q extends Request> Q withTimeLeft(
            Q request, long elapsedNanos, BiFunction<Q, CallOptions, Q> withCall) {
        Duration limit = request.call().timeout();
        if (limit == null || limit.isZero() || elapsedNanos < WORTH_COUNTING_NANOS) {
            return request;
        }
        Duration left = limit.minusNanos(elapsedNanos);
        if (left.isNegative() || left.isZero()) {
            throw new CallTimeoutException(
                    "The time limit of the call, " + limit + ", ran out before it was sent. Allow more time.",
                    CallTimeoutException.Clock.CALL,
                    ErrorDetails.NONE.withModel(request.model()),
                    null);
        }
        return withCall.apply(request, request.call().withTimeout(left));
    }

    /** The caller gets the failure itself, whatever the observer thinks of it. */
    static void tellFailure(CallObserver observer, Throwable failure) {
        try {
            observer.failed(failure);
        } catch (RuntimeException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    private static final class ObservedChat extends ObservedStream<ChatEvent, ChatResponse> implements ChatStream {
        ObservedChat(ChatStream stream, CallObserver observer) {
            super(stream, observer);
        }

        @Override
        @Nullable ChatResponse finished(ChatEvent event) {
            return event instanceof ChatEvent.ResponseFinished last ? last.response() : null;
        }
    }

    private static final class ObservedImages extends ObservedStream<ImageEvent, ImageResponse> implements ImageStream {
        ObservedImages(ImageStream stream, CallObserver observer) {
            super(stream, observer);
        }

        @Override
        @Nullable ImageResponse finished(ImageEvent event) {
            return event instanceof ImageEvent.Finished last ? last.response() : null;
        }
    }
}
