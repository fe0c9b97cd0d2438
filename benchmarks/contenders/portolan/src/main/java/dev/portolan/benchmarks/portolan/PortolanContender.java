package dev.portolan.benchmarks.portolan;

import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.benchmarks.harness.Contender;
import dev.portolan.provider.openrouter.ImageRoute;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Portolan with its provider for OpenRouter. */
public final class PortolanContender implements Contender {
    /** Found by name. */
    public PortolanContender() {}

    @Override
    public String name() {
        return "Portolan";
    }

    @Override
    public Client open(String baseUrl) {
        return new PortolanClient(baseUrl);
    }

    private static final class PortolanClient implements Client {
        private static final ChatRequest REQUEST = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Tell me about Genoa.")
                .build();
        private static final List<String> TEXTS = IntStream.range(0, 64)
                .mapToObj(i -> "The ship number " + i + " sails at noon.")
                .toList();

        private final Portolan portolan;

        PortolanClient(String baseUrl) {
            portolan = Portolan.load(Settings.of(Map.of(
                    "OPENROUTER_API_KEY", "none", "OPENROUTER_API_BASE", baseUrl, "PORTOLAN_MAX_ATTEMPTS", "1")));
        }

        @Override
        public int complete() {
            return portolan.chat().complete(REQUEST).text().length();
        }

        @Override
        public int stream() {
            int characters = 0;
            try (ChatStream stream = portolan.chat().stream(REQUEST)) {
                for (ChatEvent event : stream) {
                    if (event instanceof ChatEvent.TextDelta delta) {
                        characters += delta.text().length();
                    }
                }
            }
            return characters;
        }

        @Override
        public int toolCall() {
            ChatRequest request = REQUEST.toBuilder()
                    .tool(Tool.function("plan_voyage", "Plans a voyage", RawJson.parse("""
                            {"type":"object","properties":{"stops":{"type":"array","items":{"type":"string"}}}}""")))
                    .build();
            try (ChatStream stream = portolan.chat().stream(request)) {
                return stream.response().toolCalls().get(0).arguments().length();
            }
        }

        @Override
        public int embed(boolean base64) {
            List<Embedding> embeddings = portolan.embeddings()
                    .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                            .texts(TEXTS)
                            .build())
                    .embeddings();
            return embeddings.stream().mapToInt(Embedding::dimensions).sum();
        }

        @Override
        public int draw() {
            return portolan.images()
                    .generate(ImageRequest.builder("openrouter/openai/gpt-image-1")
                            .prompt("a calm sea")
                            .options(OpenRouterOptions.builder()
                                    .imageRoute(ImageRoute.IMAGES)
                                    .build())
                            .build())
                    .image()
                    .bytes()
                    .orElseThrow()
                    .data()
                    .length;
        }

        @Override
        public void drip(Pieces pieces) {
            try (ChatStream stream = portolan.chat().stream(REQUEST)) {
                stream.forEachText(pieces::piece);
            }
        }

        @Override
        public void close() {
            portolan.close();
        }
    }
}
