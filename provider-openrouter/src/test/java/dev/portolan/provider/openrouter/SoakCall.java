package dev.portolan.provider.openrouter;

import dev.portolan.api.CallOptions;
import dev.portolan.api.Portolan;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Timeouts;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Media;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One of very many calls: what is asked, and how it is disturbed. The same number makes the same call. */
record SoakCall(int number, Kind kind, int topic, Disturbance disturbance, CallOptions options, Random random) {
    static final String NUMBER = "X-Soak-Number";
    static final String HANGS = "X-Soak-Hangs";
    static final String ANYWHERE = "anywhere";
    static final String IN_ANSWER = "in the answer";
    static final int TOPICS = 4;

    private static final String CHATTER = "openrouter/openai/gpt-4o-mini";
    private static final String EMBEDDER = "openrouter/openai/text-embedding-3-small";
    private static final String PAINTER = "openrouter/google/gemini-2.5-flash-image";
    private static final String STREAMING_PAINTER = "openrouter/openai/gpt-5-image-mini";

    enum Kind {
        COMPLETE,
        STREAM,
        EMBED,
        EMBED_BATCHES,
        IMAGE,
        IMAGE_STREAM
    }

    enum Disturbance {
        NONE,
        SHORT_SILENCE,
        SHORT_CALL,
        CLOSE,
        INTERRUPT
    }

    static SoakCall random(int number) {
        Random random = new Random(number * 7919L);
        Kind kind = kind(random.nextInt(100));
        Disturbance disturbance = disturbance(random.nextInt(20), kind);
        return new SoakCall(
                number, kind, random.nextInt(TOPICS), disturbance, options(number, disturbance, random), random);
    }

    /** What the same call answers where nothing disturbs it. */
    static SoakCall undisturbed(Kind kind, int topic) {
        return new SoakCall(0, kind, topic, Disturbance.NONE, CallOptions.DEFAULT, new Random(0));
    }

    private static Kind kind(int draw) {
        if (draw < 45) {
            return Kind.STREAM;
        } else if (draw < 85) {
            return Kind.COMPLETE;
        } else if (draw < 93) {
            return Kind.EMBED;
        } else if (draw < 98) {
            return Kind.EMBED_BATCHES;
        }
        return draw == 98 ? Kind.IMAGE : Kind.IMAGE_STREAM; // few, since drawing takes long
    }

    private static Disturbance disturbance(int draw, Kind kind) {
        return switch (draw) {
            case 0 -> Disturbance.SHORT_SILENCE;
            case 1 -> Disturbance.SHORT_CALL;
            case 2, 3, 4 -> Disturbance.INTERRUPT;
            case 5, 6, 7 -> kind == Kind.STREAM || kind == Kind.IMAGE_STREAM ? Disturbance.CLOSE : Disturbance.NONE;
            default -> Disturbance.NONE;
        };
    }

    private static CallOptions options(int number, Disturbance disturbance, Random random) {
        Duration brief = Duration.ofMillis(20 + random.nextInt(40));
        CallOptions options = CallOptions.DEFAULT
                .withHeader(NUMBER, String.valueOf(number))
                .withRetries(RetryPolicy.DEFAULT
                        .withDelays(Duration.ofMillis(1), Duration.ofMillis(20))
                        .evenIfCharged(random.nextBoolean()));
        return switch (disturbance) {
            case NONE -> options;
            case SHORT_SILENCE ->
                options.withHeader(HANGS, ANYWHERE)
                        .withTimeouts(Timeouts.UNSET.withFirstByte(brief).withIdle(brief));
            case SHORT_CALL -> options.withHeader(HANGS, ANYWHERE).withTimeout(brief);
            case INTERRUPT -> options.withHeader(HANGS, ANYWHERE);
            case CLOSE -> options.withHeader(HANGS, IN_ANSWER); // before, there is nothing to close
        };
    }

    boolean isOfImages() {
        return kind == Kind.IMAGE || kind == Kind.IMAGE_STREAM;
    }

    boolean exactlyCounted() {
        return disturbance == Disturbance.NONE;
    }

    /**
     * Makes the call and reads the answer to its end, or up to where it is left.
     *
     * @param opened takes a stream once it is there
     */
    Reply make(Portolan portolan, Consumer<ReplyStream<?, ?>> opened) {
        return switch (kind) {
            case COMPLETE -> portolan.chat().complete(chat());
            case STREAM -> read(portolan.chat().stream(chat()), opened);
            case EMBED, EMBED_BATCHES -> portolan.embeddings().embed(embedding());
            case IMAGE -> portolan.images().generate(image(PAINTER, ImageRoute.CHAT));
            case IMAGE_STREAM -> read(portolan.images().stream(image(STREAMING_PAINTER, ImageRoute.IMAGES)), opened);
        };
    }

    private Reply read(ReplyStream<?, ? extends Reply> stream, Consumer<ReplyStream<?, ?>> opened) {
        try (stream) {
            opened.accept(stream);
            int events = disturbance == Disturbance.CLOSE && random.nextBoolean() ? random.nextInt(6) : -1;
            StringBuilder text = new StringBuilder();
            for (Object event = events == 0 ? null : stream.next(); event != null; event = stream.next()) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    text.append(delta.text());
                }
                if (--events == 0) {
                    break;
                }
            }
            if (events == 0) {
                stream.close();
            }
            Reply reply = stream.response();
            if (events < 0 && reply instanceof ChatResponse chat && !chat.text().contentEquals(text)) {
                throw new AssertionError("The pieces of call " + number + " are not its text");
            }
            return reply;
        }
    }

    private ChatRequest chat() {
        return ChatRequest.builder(CHATTER)
                .user("Grüezi 🌍, tell me about topic " + topic)
                .call(options)
                .build();
    }

    private EmbeddingRequest embedding() {
        EmbeddingRequest.Builder request =
                EmbeddingRequest.builder(EMBEDDER).dimensions(16).call(options);
        for (int i = 0; i < 6; i++) {
            request.text("text " + i + " about topic " + topic);
        }
        return kind == Kind.EMBED
                ? request.build()
                : request.batching(new EmbeddingRequest.Batching(1, 1000, 3)).build();
    }

    private ImageRequest image(String model, ImageRoute route) {
        return ImageRequest.builder(model)
                .prompt("a harbour")
                .resolution("512")
                .options(OpenRouterOptions.builder().imageRoute(route).build())
                .call(options)
                .build();
    }

    /** What was answered, without what differs from call to call, such as ids. */
    static String essence(Reply reply) {
        if (reply instanceof ChatResponse chat) {
            return chat.text();
        } else if (reply instanceof EmbeddingResponse embeddings) {
            return embeddings.embeddings().stream()
                    .map(Embedding::vector)
                    .map(Arrays::toString)
                    .collect(Collectors.joining());
        }
        return ((ImageResponse) reply)
                .images().stream()
                        .map(image -> String.valueOf(Arrays.hashCode(((Media.Bytes) image.image()).data())))
                        .collect(Collectors.joining(", "));
    }
}
