package dev.portolan.benchmarks.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.portolan.benchmarks.harness.Contender;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** LangChain4j with its module for OpenAI, over the JDK's HTTP client, which is its default. */
public final class LangChain4j implements Contender {
    /** Found by name. */
    public LangChain4j() {}

    @Override
    public String name() {
        return "langchain4j";
    }

    @Override
    public Client open(String baseUrl) {
        return new LangChainClient(baseUrl);
    }

    private static final class LangChainClient implements Client {
        private static final List<TextSegment> TEXTS = IntStream.range(0, 64)
                .mapToObj(i -> TextSegment.from("The ship number " + i + " sails at noon."))
                .toList();

        private final Lazy<OpenAiChatModel> chat;
        private final Lazy<OpenAiStreamingChatModel> streaming;
        private final Lazy<OpenAiEmbeddingModel> floats;
        private final Lazy<OpenAiEmbeddingModel> base64;
        private final Lazy<OpenAiImageModel> images;

        LangChainClient(String baseUrl) {
            chat = new Lazy<>(() -> OpenAiChatModel.builder()
                    .baseUrl(baseUrl)
                    .apiKey("none")
                    .modelName("openai/gpt-4o-mini")
                    .maxRetries(0)
                    .build());
            streaming = new Lazy<>(() -> OpenAiStreamingChatModel.builder()
                    .baseUrl(baseUrl)
                    .apiKey("none")
                    .modelName("openai/gpt-4o-mini")
                    .build());
            floats = new Lazy<>(() -> embeddings(baseUrl, "float"));
            base64 = new Lazy<>(() -> embeddings(baseUrl, "base64"));
            images = new Lazy<>(() -> OpenAiImageModel.builder()
                    .baseUrl(baseUrl)
                    .apiKey("none")
                    .modelName("openai/gpt-image-1")
                    .maxRetries(0)
                    .build());
        }

        private static OpenAiEmbeddingModel embeddings(String baseUrl, String encoding) {
            return OpenAiEmbeddingModel.builder()
                    .baseUrl(baseUrl)
                    .apiKey("none")
                    .modelName("openai/text-embedding-3-small")
                    .encodingFormat(encoding)
                    .maxRetries(0)
                    .build();
        }

        @Override
        public int complete() {
            return chat.get().chat("Tell me about Genoa.").length();
        }

        @Override
        public int stream() {
            AtomicInteger characters = new AtomicInteger();
            ask(
                    ChatRequest.builder()
                            .messages(UserMessage.from("Tell me about Genoa."))
                            .build(),
                    piece -> characters.addAndGet(piece.length()));
            return characters.get();
        }

        @Override
        public int toolCall() {
            ChatRequest request = ChatRequest.builder()
                    .messages(UserMessage.from("Tell me about Genoa."))
                    .toolSpecifications(ToolSpecification.builder()
                            .name("plan_voyage")
                            .description("Plans a voyage")
                            .parameters(JsonObjectSchema.builder()
                                    .addProperty(
                                            "stops",
                                            JsonArraySchema.builder()
                                                    .items(new JsonStringSchema())
                                                    .build())
                                    .build())
                            .build())
                    .build();
            return ask(request, piece -> {})
                    .aiMessage()
                    .toolExecutionRequests()
                    .get(0)
                    .arguments()
                    .length();
        }

        @Override
        public int embed(boolean isBase64) {
            return (isBase64 ? base64 : floats)
                    .get().embedAll(TEXTS).content().stream()
                            .mapToInt(embedding -> embedding.dimension())
                            .sum();
        }

        @Override
        public int draw() {
            return Base64.getDecoder()
                    .decode(images.get().generate("a calm sea").content().base64Data())
                    .length;
        }

        @Override
        public void drip(Pieces pieces) {
            ask(
                    ChatRequest.builder()
                            .messages(UserMessage.from("Tell me about Genoa."))
                            .build(),
                    pieces);
        }

        private ChatResponse ask(ChatRequest request, Pieces pieces) {
            CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
            streaming.get().chat(request, new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String piece) {
                    pieces.piece(piece);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    whole.complete(response);
                }

                @Override
                public void onError(Throwable error) {
                    whole.completeExceptionally(error);
                }
            });
            return whole.join();
        }

        @Override
        public void close() {}
    }
}
