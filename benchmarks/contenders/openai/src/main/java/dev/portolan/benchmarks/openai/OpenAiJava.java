package dev.portolan.benchmarks.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenerateParams;
import dev.portolan.benchmarks.harness.Contender;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** OpenAI's own library. */
public final class OpenAiJava implements Contender {
    /** Found by name. */
    public OpenAiJava() {}

    @Override
    public String name() {
        return "openai-java";
    }

    @Override
    public Client open(String baseUrl) {
        return new OpenAiClient(baseUrl);
    }

    private static final class OpenAiClient implements Client {
        private static final List<String> TEXTS = IntStream.range(0, 64)
                .mapToObj(i -> "The ship number " + i + " sails at noon.")
                .toList();

        private final OpenAIClient client;

        OpenAiClient(String baseUrl) {
            client = OpenAIOkHttpClient.builder()
                    .apiKey("none")
                    .baseUrl(baseUrl)
                    .maxRetries(0)
                    .build();
        }

        private static ChatCompletionCreateParams.Builder request() {
            return ChatCompletionCreateParams.builder()
                    .model("openai/gpt-4o-mini")
                    .addUserMessage("Tell me about Genoa.");
        }

        @Override
        public int complete() {
            return client.chat()
                    .completions()
                    .create(request().build())
                    .choices()
                    .get(0)
                    .message()
                    .content()
                    .orElseThrow()
                    .length();
        }

        @Override
        public int stream() {
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(request().build())) {
                return stream.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .mapToInt(String::length)
                        .sum();
            }
        }

        @Override
        public int toolCall() {
            ChatCompletionCreateParams params = request()
                    .addFunctionTool(FunctionDefinition.builder()
                            .name("plan_voyage")
                            .description("Plans a voyage")
                            .parameters(FunctionParameters.builder()
                                    .putAdditionalProperty("type", JsonValue.from("object"))
                                    .putAdditionalProperty(
                                            "properties",
                                            JsonValue.from(Map.of(
                                                    "stops",
                                                    Map.of("type", "array", "items", Map.of("type", "string")))))
                                    .build())
                            .build())
                    .build();
            ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(params)) {
                stream.stream().forEach(accumulator::accumulate);
            }
            return accumulator
                    .chatCompletion()
                    .choices()
                    .get(0)
                    .message()
                    .toolCalls()
                    .orElseThrow()
                    .get(0)
                    .asFunction()
                    .function()
                    .arguments()
                    .length();
        }

        @Override
        public int embed(boolean base64) {
            return client
                    .embeddings()
                    .create(EmbeddingCreateParams.builder()
                            .model("openai/text-embedding-3-small")
                            .inputOfArrayOfStrings(TEXTS)
                            .encodingFormat(
                                    base64
                                            ? EmbeddingCreateParams.EncodingFormat.BASE64
                                            : EmbeddingCreateParams.EncodingFormat.FLOAT)
                            .build())
                    .data()
                    .stream()
                    .mapToInt(embedding -> embedding.embedding().size())
                    .sum();
        }

        @Override
        public int draw() {
            return Base64.getDecoder()
                    .decode(client.images()
                            .generate(ImageGenerateParams.builder()
                                    .model("openai/gpt-image-1")
                                    .prompt("a calm sea")
                                    .build())
                            .data()
                            .orElseThrow()
                            .get(0)
                            .b64Json()
                            .orElseThrow())
                    .length;
        }

        @Override
        public void drip(Pieces pieces) {
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(request().build())) {
                stream.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .forEach(pieces::piece);
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
