package dev.portolan.cost.signal;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
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
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A provider named {@code toy} whose answers say a secret, unless it is told to fail. */
final class ToyModels implements Provider {
    static final ModelId MODEL = ModelId.parse("toy/large");

    /** In every prompt and in every answer. */
    static final String SECRET = "attack at dawn";

    private static final GeneratedImage IMAGE =
            new GeneratedImage(Media.url("https://example.org/" + SECRET.replace(' ', '-')), SECRET);

    /** What the models fail with next, before they answer again. */
    final Queue<RuntimeException> failures = new ArrayDeque<>();

    /** Done by the models whenever they are at work, on the caller's thread. */
    Runnable atWork = () -> {};

    Supplier<ChatAssembler> answers = ToyModels::answer;

    static ChatAssembler answer() {
        ChatAssembler answer = new ChatAssembler();
        answer.id("gen-1");
        answer.model("large-2026");
        answer.provider("Acme");
        answer.start();
        answer.text(0, SECRET);
        answer.finishReason(0, "stop");
        answer.usage(
                new Usage(
                        30,
                        12,
                        42,
                        new Usage.PromptDetails(20, 5, 0, 0),
                        new Usage.CompletionDetails(8, 0, 0, 0, 0),
                        null),
                Cost.reported(new BigDecimal("1.2E-19")));
        return answer;
    }

    static ChatRequest.Builder aChat() {
        return ChatRequest.builder(MODEL).system(SECRET).user(SECRET);
    }

    static EmbeddingRequest.Builder anEmbedding() {
        return EmbeddingRequest.builder(MODEL).text(SECRET);
    }

    static ImageRequest.Builder anImage() {
        return ImageRequest.builder(MODEL).prompt(SECRET);
    }

    Portolan.Builder portolan() {
        return Portolan.builder().settings(Settings.of(Map.of())).provider("toy", this);
    }

    private void work() {
        atWork.run();
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public Optional<ChatPort> chat() {
        return Optional.of(new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                work();
                return answers.get().finish();
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                work();
                return new Chat(ReplayedStream.of(answers.get()));
            }
        });
    }

    @Override
    public Optional<EmbeddingPort> embeddings() {
        return Optional.of(request -> {
            work();
            return vectors();
        });
    }

    @Override
    public Optional<ImagePort> images() {
        return Optional.of(new ImagePort() {
            @Override
            public ImageResponse generate(ImageRequest request) {
                work();
                return drawn();
            }

            @Override
            public ImageStream stream(ImageRequest request) {
                work();
                return new Images();
            }
        });
    }

    @Override
    public void close() {}

    private static EmbeddingResponse vectors() {
        return new EmbeddingResponse(
                List.of("gen-2", "gen-3"),
                "embed-2026",
                "Acme",
                List.of(new Embedding(0, new float[] {1})),
                Usage.of(7, 0),
                Cost.reported(new BigDecimal("0.25")),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    private static ImageResponse drawn() {
        return new ImageResponse(
                "gen-4",
                "draw-2026",
                "Acme",
                null,
                List.of(IMAGE),
                SECRET,
                Usage.of(9, 1000),
                Cost.estimated(new BigDecimal("0.04")),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    /** A stream that is at work for each event. */
    private final class Chat implements ChatStream {
        private final ChatStream stream;

        Chat(ChatStream stream) {
            this.stream = stream;
        }

        @Override
        public @Nullable ChatEvent next() {
            work();
            return stream.next();
        }

        @Override
        public ChatResponse response() {
            work();
            return stream.response();
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

    private final class Images implements ImageStream {
        private final Iterator<ImageEvent> events = List.<ImageEvent>of(
                        new ImageEvent.Partial(0, IMAGE.image()),
                        new ImageEvent.Completed(IMAGE),
                        new ImageEvent.Finished(drawn()))
                .iterator();

        @Override
        public @Nullable ImageEvent next() {
            work();
            return events.hasNext() ? events.next() : null;
        }

        @Override
        public ImageResponse response() {
            return drawn();
        }

        @Override
        public void close() {}
    }
}
