package dev.portolan.resilience;

import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ReplayedStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A provider whose models answer with their own id for a tenth of a dollar, unless they were told to fail. */
final class FakeModels implements Provider, ChatPort, EmbeddingPort, ImagePort {
    /** The requests in the order in which they came. */
    final List<Request> requests = new CopyOnWriteArrayList<>();

    private final Map<String, Function<Request, RuntimeException>> failures = new ConcurrentHashMap<>();
    private final Map<String, RuntimeException> failuresOnReading = new ConcurrentHashMap<>();

    static ChatRequest chat(String model) {
        return ChatRequest.builder(model).user("hi").build();
    }

    static ErrorDetails details(String model) {
        return ErrorDetails.NONE.withModel(dev.portolan.api.ModelId.parse(model));
    }

    /** Lets every call to this model fail. */
    FakeModels failing(String model, RuntimeException failure) {
        failures.put(model, request -> failure);
        return this;
    }

    /** Lets streams of this model open and fail when they are read. */
    FakeModels failingOnReading(String model, RuntimeException failure) {
        failuresOnReading.put(model, failure);
        return this;
    }

    FakeModels well(String model) {
        failures.remove(model);
        failuresOnReading.remove(model);
        return this;
    }

    List<String> asked() {
        return requests.stream().map(request -> request.model().toString()).toList();
    }

    private void ask(Request request) {
        requests.add(request);
        Function<Request, RuntimeException> failure =
                failures.get(request.model().toString());
        if (failure != null) {
            throw failure.apply(request);
        }
    }

    @Override
    public Optional<ChatPort> chat() {
        return Optional.of(this);
    }

    @Override
    public Optional<EmbeddingPort> embeddings() {
        return Optional.of(this);
    }

    @Override
    public Optional<ImagePort> images() {
        return Optional.of(this);
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        ask(request);
        return answer(request).finish();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ask(request);
        RuntimeException failure = failuresOnReading.get(request.model().toString());
        return failure == null ? ReplayedStream.of(answer(request)) : new Failing(failure);
    }

    static ChatAssembler answer(Request request) {
        ChatAssembler assembler = new ChatAssembler();
        assembler.model(request.model().name());
        assembler.start();
        assembler.text(0, request.model().toString());
        assembler.usage(Usage.of(10, 5), tenCents());
        assembler.finishReason(0, "stop");
        return assembler;
    }

    private static Cost tenCents() {
        return Cost.reported(new BigDecimal("0.1"));
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        ask(request);
        return new EmbeddingResponse(
                List.of(),
                request.model().toString(),
                null,
                List.of(new Embedding(0, new float[] {1})),
                Usage.NOT_REPORTED,
                tenCents(),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        ask(request);
        return new ImageResponse(
                null,
                request.model().toString(),
                null,
                null,
                List.of(new GeneratedImage(Media.url("https://example.com/a.png"), null)),
                "",
                Usage.NOT_REPORTED,
                tenCents(),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    @Override
    public ImageStream stream(ImageRequest request) {
        ImageResponse response = generate(request);
        return new ImageStream() {
            private boolean read;

            @Override
            public @Nullable ImageEvent next() {
                boolean ended = read;
                read = true;
                return ended ? null : new ImageEvent.Finished(response);
            }

            @Override
            public ImageResponse response() {
                return response;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}

    private static final class Failing implements ChatStream {
        private final RuntimeException failure;
        private volatile boolean closed;
        private boolean begun;

        Failing(RuntimeException failure) {
            this.failure = failure;
        }

        /** Broken streams have begun; others fail at once. */
        @Override
        public ChatEvent next() {
            if (closed) {
                throw new CallCancelledException("closed", ErrorDetails.NONE);
            }
            if (failure instanceof BrokenStreamException && !begun) {
                begun = true;
                return new ChatEvent.TextDelta(0, "beg");
            }
            throw failure;
        }

        @Override
        public ChatResponse response() {
            while (true) {
                next();
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
