package dev.portolan.cost.signal;

import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.PortDecorator;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.util.ArrayList;
import java.util.List;

/**
 * A span of OpenTelemetry for each call, of any port and any provider, as the conventions for generative AI say.
 *
 * <pre>{@code
 * Portolan.builder()
 *         .discover()
 *         .decorator(CallTracing.with(openTelemetry))
 *         .build();
 * }</pre>
 *
 * <p>A span is called {@code chat google/gemini-2.5-flash}: the operation ({@code chat}, {@code embeddings},
 * {@code generate_content} for images) and the model that was asked. Its kind is {@code CLIENT}. It lasts as long as the call:
 * that of a stream until its last event was read, it failed or it was closed; a stream that is neither read to its end nor
 * closed has a span that never ends, and that nobody gets to see. Of the conventions it has what was asked (model, temperature,
 * limit of tokens, seed …), who answered under which id, why the answer ended, and the tokens; of a stream, after how many
 * seconds the first piece of content came. Beyond these:
 *
 * <ul>
 *   <li>{@code portolan.cost}, what all attempts cost together, as text with all its digits; not there if it is unknown.
 *       {@code portolan.cost.currency} and {@code portolan.cost.source} ({@code reported}, {@code estimated}, {@code unknown}).
 *   <li>{@code portolan.outcome}: {@code completed}, {@code failed}, or {@code cancelled} where the caller ended the call: a
 *       stream that was closed early, or an interrupted thread, is no error.
 *   <li>{@code portolan.upstream}: who ran the model, such as {@code OpenAI} behind OpenRouter.
 *   <li>{@code portolan.attempts}, how many it took; each that failed is an event {@code portolan.attempt.failed}, with its
 *       model, error, cost and the wait before it. All of them have the time at which the call ended, since they are told then.
 *   <li>{@code portolan.tag.…}: the tags of the call that are {@linkplain Builder#tag named}.
 * </ul>
 *
 * <p>A failed call has the status {@code ERROR}; {@code error.type} is the simple name of the exception's class, the same as in
 * ledgers and meters. The description of the status is the message of a
 * {@link dev.portolan.api.error.PortolanException}, which holds no key and nothing of a conversation; of other exceptions it is
 * the class alone. Stack traces are not recorded, for the messages in them.
 *
 * <p><b>No span holds a prompt or an answer</b>, nor the texts before which an answer is to end.
 *
 * <p><b>Context.</b> The span is a child of the one that is current where the call is made. It is current itself while a blocking
 * call is made, while a stream is opened, and while an event of it is waited for, each on the thread that does so; what the HTTP
 * client does then is its child. Between the events of a stream the reader's own context is current. The span is not current on
 * threads that the provider uses by itself: requests for embeddings in several batches that helpers make have no parent, unless
 * the provider's executor hands the context on. Nothing of the trace is sent to the provider.
 *
 * <p>Thread-safe.
 */
@SuppressWarnings("exports") // whoever uses this requires the library of its own accord
public final class CallTracing implements PortDecorator {
    /**
     * Where it stands: outside of the decorators of {@code portolan-resilience}, so that a call has one span with all that its
     * caller waits for: limits, retries, other models. Inside of those with the default order, which may answer themselves: an
     * answer from a cache is no call.
     */
    public static final int ORDER = 50;

    private final Tracer tracer;
    private final List<String> tags;

    private CallTracing(Builder builder) {
        this.tracer = builder.openTelemetry.getTracer("dev.portolan");
        this.tags = List.copyOf(builder.tags);
    }

    /** With the tracer of this OpenTelemetry, without tags of calls. */
    public static CallTracing with(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** Begins a tracing with the tracer of this OpenTelemetry; the global one is {@code GlobalOpenTelemetry.get()}. */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(openTelemetry);
    }

    /** {@value #ORDER}. */
    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public ChatPort decorate(ChatPort port) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return begin(request, false).around(port).complete(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return begin(request, true).around(port).stream(request);
            }
        };
    }

    @Override
    public EmbeddingPort decorate(EmbeddingPort port) {
        return request -> begin(request, false).around(port).embed(request);
    }

    @Override
    public ImagePort decorate(ImagePort port) {
        return new ImagePort() {
            @Override
            public ImageResponse generate(ImageRequest request) {
                return begin(request, false).around(port).generate(request);
            }

            @Override
            public ImageStream stream(ImageRequest request) {
                return begin(request, true).around(port).stream(request);
            }
        };
    }

    private TracedCall begin(Request request, boolean streamed) {
        return new TracedCall(RequestSpan.start(tracer, request, streamed, tags));
    }

    /** Collects what spans need. Not thread-safe. */
    public static final class Builder {
        private final OpenTelemetry openTelemetry;
        private final List<String> tags = new ArrayList<>();

        private Builder(OpenTelemetry openTelemetry) {
            this.openTelemetry = openTelemetry;
        }

        /**
         * Makes a tag of calls an attribute of their spans: {@code portolan.tag.} and its name.
         *
         * @param name of a tag that calls may have: see {@link dev.portolan.api.CallOptions#tags}
         * @throws IllegalArgumentException if it is blank
         */
        public Builder tag(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A tag needs a name that is not blank, found '" + name + "'");
            }
            tags.add(name);
            return this;
        }

        /** The decorator. */
        public CallTracing build() {
            return new CallTracing(this);
        }
    }
}
