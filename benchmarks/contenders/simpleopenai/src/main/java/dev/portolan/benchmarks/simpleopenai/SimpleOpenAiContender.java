package dev.portolan.benchmarks.simpleopenai;

import dev.portolan.benchmarks.harness.Contender;
import io.github.sashirestela.openai.SimpleOpenAI;
import io.github.sashirestela.openai.common.tool.ToolCall;
import io.github.sashirestela.openai.domain.chat.Chat;
import io.github.sashirestela.openai.domain.chat.ChatMessage;
import io.github.sashirestela.openai.domain.chat.ChatRequest;
import io.github.sashirestela.openai.domain.embedding.EmbeddingRequest;
import io.github.sashirestela.openai.domain.image.ImageRequest;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** simple-openai, over the JDK's HTTP client, which is its default. */
public final class SimpleOpenAiContender implements Contender {
    /** Found by name. */
    public SimpleOpenAiContender() {}

    @Override
    public String name() {
        return "simple-openai";
    }

    @Override
    public Client open(String baseUrl) {
        return new SimpleClient(baseUrl.replaceFirst("/v1$", ""));
    }

    private static final class SimpleClient implements Client {
        private static final List<String> TEXTS = IntStream.range(0, 64)
                .mapToObj(i -> "The ship number " + i + " sails at noon.")
                .toList();
        private static final ChatRequest REQUEST = ChatRequest.builder()
                .model("openai/gpt-4o-mini")
                .message(ChatMessage.UserMessage.of("Tell me about Genoa."))
                .build();

        private final SimpleOpenAI client;

        SimpleClient(String baseUrl) {
            client = SimpleOpenAI.builder()
                    .apiKey("none")
                    .baseUrl(baseUrl)
                    .httpClient(HttpClient.newHttpClient())
                    .build();
        }

        @Override
        public int complete() {
            return client.chatCompletions()
                    .create(REQUEST)
                    .join()
                    .firstContent()
                    .length();
        }

        @Override
        public int stream() {
            int[] characters = new int[1];
            drip(piece -> characters[0] += piece.length());
            return characters[0];
        }

        /** The documented idiom leaves it to the caller to put the fragments together. */
        @Override
        public int toolCall() {
            StringBuilder arguments = new StringBuilder();
            try (Stream<Chat> chunks =
                    client.chatCompletions().createStream(REQUEST).join()) {
                chunks.forEach(chunk -> {
                    if (!chunk.getChoices().isEmpty()
                            && chunk.getChoices().get(0).getMessage().getToolCalls() != null) {
                        for (ToolCall call :
                                chunk.getChoices().get(0).getMessage().getToolCalls()) {
                            arguments.append(call.getFunction().getArguments());
                        }
                    }
                });
            }
            return arguments.length();
        }

        @Override
        public int embed(boolean base64) {
            EmbeddingRequest.EmbeddingRequestBuilder request = EmbeddingRequest.builder()
                    .model("openai/text-embedding-3-small")
                    .input(TEXTS);
            if (!base64) {
                return client
                        .embeddings()
                        .create(request.encodingFormat(EmbeddingRequest.EncodingFormat.FLOAT)
                                .build())
                        .join()
                        .getData()
                        .stream()
                        .mapToInt(embedding -> embedding.getEmbedding().size())
                        .sum();
            }
            return client
                    .embeddings()
                    .createBase64(request.encodingFormat(EmbeddingRequest.EncodingFormat.BASE64)
                            .build())
                    .join()
                    .getData()
                    .stream()
                    .mapToInt(embedding -> ByteBuffer.wrap(Base64.getDecoder().decode(embedding.getEmbedding()))
                            .asFloatBuffer()
                            .remaining())
                    .sum();
        }

        @Override
        public int draw() {
            return Base64.getDecoder()
                    .decode(client.images()
                            .create(ImageRequest.builder()
                                    .model("openai/gpt-image-1")
                                    .prompt("a calm sea")
                                    .build())
                            .join()
                            .getData()
                            .get(0)
                            .getB64Json())
                    .length;
        }

        @Override
        public void drip(Pieces pieces) {
            try (Stream<Chat> chunks =
                    client.chatCompletions().createStream(REQUEST).join()) {
                chunks.forEach(chunk -> {
                    if (!chunk.getChoices().isEmpty() && chunk.firstContent() != null) {
                        pieces.piece(chunk.firstContent());
                    }
                });
            }
        }

        @Override
        public void close() {}
    }
}
