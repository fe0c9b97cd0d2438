package dev.portolan.checks.samples;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.ProviderPreferences;
import dev.portolan.typed.Description;
import dev.portolan.typed.ToolLoop;
import dev.portolan.typed.ToolLoopReply;
import dev.portolan.typed.TypedChat;
import dev.portolan.typed.TypedTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The samples of the README, each between two marks; {@code PagesTest} keeps the two the same. */
public final class ReadmeSamples {
    private ReadmeSamples() {}

    public static void complete() {
        // sample: complete
        try (Portolan portolan = Portolan.load()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                            .user("Why is the sky blue?")
                            .build());
            System.out.println(reply.text());
            System.out.println(reply.cost()); // exact, for example $0.0001516
        }
        // end
    }

    public static void stream(Portolan portolan) {
        // sample: stream
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Tell me about the harbour of Genoa.")
                .build();
        try (ChatStream stream = portolan.chat().stream(request)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    System.out.print(delta.text());
                }
            }
            ChatResponse whole = stream.response(); // the same that complete() would have given
            System.out.println("\n" + whole.finishReason().unified() + ", " + whole.cost());
        }
        // end
    }

    public static void books() {
        // sample: books
        try (Portolan portolan = Portolan.builder()
                .discover()
                .sink(call -> System.out.println(call.tags().get("team") + ": " + call.model() + ", " + call.cost()))
                .build()) {
            portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .tag("team", "search")
                            .build());
        }
        // end
    }

    public static void tools(Portolan portolan) {
        // sample: tools
        Tool weather = Tool.function("get_weather", "The weather in a city, now", RawJson.parse("""
                        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""));
        ChatRequest question = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("What is the weather in Zürich?")
                .tool(weather)
                .build();
        ChatResponse calls = portolan.chat().complete(question);

        ChatRequest.Builder answers = question.toBuilder().message(calls.message()); // goes back exactly as it came
        for (ToolCall call : calls.toolCalls()) {
            System.out.println(call.name() + call.arguments()); // get_weather{"city":"Zürich"}
            answers.message(Message.tool(call.id(), "{\"celsius\": 21}"));
        }
        System.out.println(portolan.chat().complete(answers.build()).text());
        // end
    }

    public static void answers(Portolan portolan) {
        // sample: answers
        record Harbour(String city, int depth, Optional<String> pilot) {}

        Harbour harbour = TypedChat.over(portolan.chat())
                .complete(
                        ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                                .user("How deep is the harbour of Genoa?")
                                .build(),
                        Harbour.class)
                .value();
        System.out.println(harbour.city() + ": " + harbour.depth() + " m");
        // end
    }

    public static void looping(Portolan portolan) {
        // sample: looping
        record City(@Description("without the country") String city) {}

        ToolLoop loop = ToolLoop.builder(portolan.chat())
                .tool(TypedTool.of("get_weather", "The weather in a city, now", City.class, city -> "21 °C, clear"))
                .maxRounds(5)
                .build();
        ToolLoopReply reply = loop.run(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("What is the weather in Zürich?")
                .build());
        System.out.println(reply.text() + " " + reply.rounds().size() + " rounds, " + reply.totalCost());
        // end
    }

    public static void images(Portolan portolan) {
        // sample: images
        ChatResponse seen = portolan.chat()
                .complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                        .user(
                                ContentPart.text("What do these show?"),
                                ContentPart.image(Path.of("chart.png")),
                                ContentPart.image("https://example.com/harbour.jpg"))
                        .build());
        System.out.println(seen.text());
        // end
    }

    public static void options(Portolan portolan) {
        // sample: options
        ChatResponse routed = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Hello")
                        .options(OpenRouterOptions.builder()
                                .models("anthropic/claude-sonnet-4.5") // if the first one cannot answer
                                .provider(ProviderPreferences.builder()
                                        .sort(ProviderPreferences.Sort.By.THROUGHPUT)
                                        .dataCollection(ProviderPreferences.DataCollection.DENY)
                                        .build())
                                .sessionId("order-4711")
                                .build())
                        .extra("brand_new_option", true) // anything that has no name here yet
                        .build());
        routed.metadata(OpenRouterMetadata.class)
                .ifPresent(metadata -> System.out.println(metadata.nativeFinishReason()));
        routed.warnings().forEach(System.out::println); // what could not be honoured as asked
        // end
    }

    public static void embeddings(Portolan portolan) {
        // sample: embeddings
        EmbeddingResponse vectors = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .texts(List.of(
                                "The ship sails at noon.", "At noon the ship is sailing.", "Bread is baked at dawn."))
                        .build());
        Embedding first = vectors.embeddings().get(0);
        System.out.println(first.cosineSimilarity(vectors.embeddings().get(1)) > 0.5); // true
        System.out.println(vectors.usage().promptTokens() + " tokens, " + vectors.cost());
        // end
    }

    public static void painting(Portolan portolan) throws IOException {
        // sample: painting
        ImageResponse drawn = portolan.images()
                .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                        .prompt("a sunset over a calm ocean")
                        .size("1536x1024")
                        .quality("high")
                        .build());
        Media.Bytes png = drawn.image().bytes().orElseThrow();
        Files.write(Path.of("sunset.png"), png.data());
        System.out.println(png.mediaType() + ", " + drawn.cost());
        // end
    }

    public static void catalog(Portolan portolan) {
        // sample: catalog
        ModelCatalogPort catalog = portolan.catalog();
        for (ModelInfo model : catalog.models(
                ModelQuery.ALL.withInput("image").withParameters("tools").orderedBy(ModelQuery.Order.PRICE))) {
            System.out.println(model.id() + ", " + model.contextLength() + " tokens of context, a million going in: "
                    + model.pricing().estimate(Usage.of(1_000_000, 0)));
        }
        Cost likely = catalog.model(ModelId.parse("openrouter/openai/gpt-4o-mini"))
                .orElseThrow()
                .pricing()
                .estimate(Usage.of(1_000, 200));
        System.out.println(likely); // ~$0.00027
        // end
    }
}
