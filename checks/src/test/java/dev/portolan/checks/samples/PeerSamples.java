package dev.portolan.checks.samples;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.time.Duration;
import java.util.List;

/** The samples of {@code docs/from-langchain4j-and-spring-ai.md}, each between two marks. */
public final class PeerSamples {
    private PeerSamples() {}

    public static void client() {
        // sample: peers_client
        try (Portolan portolan = Portolan.load()) { // once; OPENROUTER_API_KEY is set
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .system("Answer in one sentence.")
                            .user("Why is the sky blue?")
                            .temperature(0.2)
                            .timeout(Duration.ofSeconds(60))
                            .build());
            System.out.println(reply.text());
            System.out.println(reply.usage().totalTokens() + " tokens, " + reply.cost());
        }
        // end
    }

    public static void stream(Portolan portolan, ChatRequest request) {
        // sample: peers_stream
        try (ChatStream stream = portolan.chat().stream(request)) {
            stream.forEachText(System.out::print);
        } // a failure is thrown here, on this thread, with what had arrived
        // end
    }

    public static ChatRequest options() {
        // sample: peers_options
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .options(OpenRouterOptions.builder()
                        .models("anthropic/claude-haiku-4.5")
                        .build())
                .build();
        // end
        return request;
    }

    public static void embed(Portolan portolan, List<String> texts) {
        // sample: peers_embed
        EmbeddingResponse vectors = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .texts(texts)
                        .build());
        // end
        System.out.println(vectors.embeddings().size() + " " + vectors.cost());
    }

    public static Portolan listener() {
        // sample: peers_listener
        Portolan portolan = Portolan.builder()
                .discover()
                .sink(call -> System.out.println(call.outcome().status() + " " + call.cost()))
                .build();
        // end
        return portolan;
    }

    // sample: peers_service
    public static final class Harbourmaster {
        private final ChatPort chat;
        private final ModelId model;

        public Harbourmaster(ChatPort chat, ModelId model) {
            this.chat = chat;
            this.model = model;
        }

        public String answer(String question) {
            return chat.complete(ChatRequest.builder(model)
                            .system("You run a harbour.")
                            .user(question)
                            .build())
                    .text();
        }
    }
    // end
}
