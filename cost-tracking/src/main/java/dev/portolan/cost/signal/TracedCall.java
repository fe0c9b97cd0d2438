package dev.portolan.cost.signal;

import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent.Outcome.Status;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call and its span. It decorates the port for this call only: a decorator for all calls would not be told whether a call
 * is streamed, and could not make the span current around the call.
 */
final class TracedCall extends CallDecorator implements CallObserver {
    private final Span span;
    private final ReplySpan signs;
    private final Context context;
    private final boolean recorded;
    private final long begun = System.nanoTime();
    private boolean hasContent;
    private volatile @Nullable ReplyStream<?, ?> opened;
    private volatile ChatEvent.@Nullable UsageReported usage;

    /** @param span just started */
    TracedCall(Span span) {
        this.span = span;
        this.signs = new ReplySpan(span);
        this.context = Context.current().with(span);
        this.recorded = span.isRecording();
    }

    /** The port for this call: the span is current while the port is at work, and ends with the call. */
    ChatPort around(ChatPort port) {
        return decorate(new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return current(() -> port.complete(request)).get();
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return new CurrentChat(current(() -> port.stream(request)).get());
            }
        });
    }

    /** As {@link #around(ChatPort)}. */
    EmbeddingPort around(EmbeddingPort port) {
        return decorate(
                (EmbeddingPort) request -> current(() -> port.embed(request)).get());
    }

    /** As {@link #around(ChatPort)}. */
    ImagePort around(ImagePort port) {
        return decorate(new ImagePort() {
            @Override
            public ImageResponse generate(ImageRequest request) {
                return current(() -> port.generate(request)).get();
            }

            @Override
            public ImageStream stream(ImageRequest request) {
                return new CurrentImages(current(() -> port.stream(request)).get());
            }
        });
    }

    private <T extends @Nullable Object> Supplier<T> current(Supplier<T> work) {
        return context.wrapSupplier(work);
    }

    @Override
    protected CallObserver begin(Request request) {
        return this;
    }

    @Override
    public void opened(ReplyStream<?, ?> stream) {
        opened = stream;
    }

    @Override
    public void event(Object event) {
        if (!recorded) {
            return;
        }
        if (event instanceof ChatEvent.ResponseStarted answer) {
            signs.started(answer);
        } else if (event instanceof ChatEvent.UsageReported reported) {
            usage = reported;
        } else if (!hasContent
                && !(event instanceof ChatEvent.ResponseFinished)
                && !(event instanceof ImageEvent.Finished)) {
            hasContent = true;
            span.setAttribute("gen_ai.response.time_to_first_chunk", (System.nanoTime() - begun) / 1e9);
        }
    }

    @Override
    public void finished(Reply reply) {
        if (recorded) {
            signs.reply(reply);
            signs.cost(reply.totalCost());
            signs.attempts(reply.attempts());
        }
        end(Status.COMPLETED);
    }

    @Override
    public void failed(Throwable failure) {
        if (recorded && failure instanceof PortolanException e) {
            Reply partial = e.details().partial();
            if (partial != null) {
                signs.reply(partial);
            } else {
                signs.generation(e.details().generationId());
            }
            signs.cost(e.totalCost());
            signs.attempts(e.attempts());
        }
        if (failure instanceof CallCancelledException) {
            end(Status.CANCELLED);
            return;
        }
        String type = failure.getClass().getSimpleName();
        span.setAttribute(Convention.ERROR_TYPE, Convention.error(type));
        // Of other exceptions nobody knows what their messages hold.
        String message = failure instanceof PortolanException ? failure.getMessage() : null;
        span.setStatus(StatusCode.ERROR, message == null ? failure.getClass().getName() : message);
        end(Status.FAILED);
    }

    @Override
    public void closed() {
        if (recorded) {
            ReplyStream<?, ?> stream = opened;
            List<String> ids = stream == null ? null : stream.generationIds();
            if (ids != null && !ids.isEmpty()) {
                signs.generation(ids.get(ids.size() - 1));
            }
            ChatEvent.UsageReported reported = usage;
            if (reported != null) {
                signs.usage(reported.usage(), false);
            }
            signs.cost(reported == null ? Cost.UNKNOWN : reported.cost());
        }
        end(Status.CANCELLED);
    }

    private void end(Status status) {
        span.setAttribute(Convention.OUTCOME, Convention.outcome(status));
        span.end();
    }

    /** A stream that is read with the span as the current one. */
    private abstract class Current<E, R extends Reply> implements ReplyStream<E, R> {
        private final ReplyStream<E, R> stream;
        private final Supplier<@Nullable E> next;

        Current(ReplyStream<E, R> stream) {
            this.stream = stream;
            this.next = current(stream::next);
        }

        @Override
        public @Nullable E next() {
            return next.get();
        }

        @Override
        public R response() {
            return current(stream::response).get();
        }

        @Override
        public @Nullable List<String> generationIds() {
            return stream.generationIds();
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    private final class CurrentChat extends Current<ChatEvent, ChatResponse> implements ChatStream {
        CurrentChat(ChatStream stream) {
            super(stream);
        }
    }

    private final class CurrentImages extends Current<ImageEvent, ImageResponse> implements ImageStream {
        CurrentImages(ImageStream stream) {
            super(stream);
        }
    }
}
