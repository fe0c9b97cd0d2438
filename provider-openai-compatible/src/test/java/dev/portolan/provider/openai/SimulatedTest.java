package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole way against a server that checks what it gets: the simulator speaks OpenAI's API too. */
class SimulatedTest {
    private static OpenRouterSimulator simulator;
    private static Provider provider;

    @BeforeAll
    static void start() {
        simulator = OpenRouterSimulator.builder().apiKey("sk-or-right").start();
        provider = provider(simulator.apiKey());
    }

    @AfterAll
    static void stop() {
        provider.close();
        simulator.close();
    }

    private static Provider provider(String key) {
        return OpenAiCompatible.named("local")
                .baseUrl(simulator.baseUrl())
                .apiKey(key)
                .build()
                .create(Settings.of(Map.of()));
    }

    private static ChatPort chat() {
        return provider.chat().orElseThrow();
    }

    private static ChatRequest.Builder request() {
        return ChatRequest.builder("local/openai/gpt-4o-mini");
    }

    @Test
    void a_streamed_answer_is_the_blocking_one() {
        ChatRequest request = request()
                .system("Be brief.")
                .user("Why is the sky blue?")
                .temperature(0.2)
                .maxTokens(200)
                .seed(7L)
                .build();
        ChatResponse whole = chat().complete(request);

        try (ChatStream stream = chat().stream(request)) {
            StringBuilder text = new StringBuilder();
            for (ChatEvent event : stream) {
                text.append(event instanceof ChatEvent.TextDelta delta ? delta.text() : "");
            }
            ChatResponse streamed = stream.response();
            assertThat(text).hasToString(whole.text());
            assertThat(streamed.choices()).isEqualTo(whole.choices());
            assertThat(streamed.usage().totalTokens()).isEqualTo(whole.usage().totalTokens());
        }
    }

    @Test
    void tools_are_called_and_answered() {
        ChatRequest question = request()
                .user("What is the weather in Zürich?")
                .tool(Tool.function("get_weather", "The weather in a city, now", RawJson.parse("""
                        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}""")))
                .build();
        ChatResponse calls = chat().complete(question);

        assertThat(calls.toolCalls()).isNotEmpty();
        ChatRequest.Builder answers = question.toBuilder().message(calls.message());
        for (ToolCall call : calls.toolCalls()) {
            assertThat(call.name()).isEqualTo("get_weather");
            answers.message(Message.tool(call.id(), "{\"celsius\": 21}"));
        }
        assertThat(chat().complete(answers.build()).text()).contains("21");
    }

    @Test
    void thousands_of_texts_are_one_call() {
        EmbeddingResponse vectors = provider.embeddings()
                .orElseThrow()
                .embed(EmbeddingRequest.builder("local/openai/text-embedding-3-small")
                        .texts(Collections.nCopies(3000, "a calm sea"))
                        .encoding(EmbeddingRequest.Encoding.BASE64)
                        .dimensions(64)
                        .build());

        assertThat(vectors.embeddings()).hasSize(3000);
        assertThat(vectors.embeddings().get(2999))
                .satisfies(last -> assertThat(last.index()).isEqualTo(2999));
    }

    @Test
    void models_are_listed_and_a_bad_key_is_told() {
        assertThat(provider.catalog().orElseThrow().models(ModelQuery.ALL)).isNotEmpty();
        assertThat(provider.catalog().orElseThrow().model(new ModelId("local", "openai/gpt-4o-mini")))
                .isPresent();
        try (Provider stranger = provider("sk-wrong")) {
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> stranger.chat()
                            .orElseThrow()
                            .complete(request().user("Hi").build()))
                    .withMessageNotContaining("sk-wrong");
        }
    }

    @Test
    void calls_side_by_side_do_not_mix() throws Exception {
        List<ChatRequest> requests = IntStream.range(0, 16)
                .mapToObj(i -> request().user("Say " + i).seed(1L).build())
                .toList();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<ChatResponse>> together = pool.invokeAll(requests.stream()
                    .map(each -> (Callable<ChatResponse>) () -> chat().complete(each))
                    .toList());
            for (int i = 0; i < requests.size(); i++) {
                assertThat(together.get(i).get().text())
                        .isEqualTo(chat().complete(requests.get(i)).text());
            }
        } finally {
            pool.shutdown();
        }
    }
}
