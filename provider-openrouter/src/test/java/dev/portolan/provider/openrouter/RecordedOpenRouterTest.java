package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.testkit.cassette.Cassette;
import dev.portolan.testkit.cassette.CassetteMode;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every port through a cassette: what was recorded from the simulator comes back when it is gone. */
class RecordedOpenRouterTest {
    private static final String KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";
    private static final String CHAT = "openrouter/openai/gpt-4o-mini";
    private static final String NOWHERE = "http://127.0.0.1:9/api/v1";

    @TempDir
    private Path folder;

    /** Everything that was said, in a form that can be compared. */
    private record Talk(
            ChatResponse whole,
            List<ChatEvent> events,
            ChatResponse streamed,
            String afterTools,
            List<float[]> vectors,
            EmbeddingResponse embeddings,
            byte[] image,
            ImageResponse drawn) {}

    private Path file() {
        return folder.resolve("talk.json");
    }

    private Cassette recording(OpenRouterSimulator simulator) {
        return Cassette.builder(file(), simulator.baseUrl())
                .mode(CassetteMode.RECORD)
                .open();
    }

    private Cassette replaying() {
        return Cassette.builder(file(), NOWHERE)
                .mode(CassetteMode.REPLAY)
                .strict()
                .open();
    }

    private static Portolan portolan(Cassette cassette, String key) {
        return Portolan.load(Settings.of(Map.of("OPENROUTER_API_KEY", key, "OPENROUTER_API_BASE", cassette.baseUrl())));
    }

    @Test
    void all_ports_get_the_same_replies_from_the_file() throws IOException {
        Talk recorded;
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Cassette cassette = recording(simulator);
                Portolan portolan = portolan(cassette, KEY)) {
            recorded = talk(portolan);
        }
        Talk replayed;
        try (Cassette cassette = replaying();
                Portolan portolan = portolan(cassette, "none")) {
            replayed = talk(portolan);
        }

        assertThat(replayed.whole()).isEqualTo(recorded.whole());
        assertThat(replayed.events()).isEqualTo(recorded.events());
        assertThat(replayed.streamed().text()).isEqualTo(recorded.streamed().text());
        assertThat(replayed.streamed().cost()).isEqualTo(recorded.streamed().cost());
        assertThat(replayed.afterTools()).isEqualTo(recorded.afterTools());
        assertThat(replayed.vectors()).usingRecursiveComparison().isEqualTo(recorded.vectors());
        assertThat(replayed.embeddings().cost()).isEqualTo(recorded.embeddings().cost());
        assertThat(replayed.embeddings().usage())
                .isEqualTo(recorded.embeddings().usage());
        assertThat(replayed.image()).isEqualTo(recorded.image()).hasSizeGreaterThan(1_000);
        assertThat(replayed.drawn().cost()).isEqualTo(recorded.drawn().cost());
        assertThat(Files.readString(file())).doesNotContain(KEY);
    }

    private static Talk talk(Portolan portolan) {
        ChatRequest hello = ChatRequest.builder(CHAT).user("Grüezi").build();
        ChatResponse whole = portolan.chat().complete(hello);
        List<ChatEvent> events = new ArrayList<>();
        ChatResponse streamed;
        try (ChatStream stream = portolan.chat().stream(hello)) {
            stream.forEach(events::add);
            streamed = stream.response();
        }
        EmbeddingResponse embeddings = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .texts(IntStream.range(0, 60).mapToObj(i -> "text " + i).toList())
                        .batching(new EmbeddingRequest.Batching(10, 10_000, 6))
                        .build());
        ImageResponse drawn = portolan.images()
                .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                        .prompt("a calm sea")
                        .build());
        return new Talk(
                whole,
                events,
                streamed,
                withTools(portolan),
                embeddings.embeddings().stream().map(Embedding::vector).toList(),
                embeddings,
                drawn.image().bytes().map(Media.Bytes::data).orElseThrow(),
                drawn);
    }

    private static String withTools(Portolan portolan) {
        ChatRequest question = ChatRequest.builder(CHAT)
                .user("What is the weather in Zürich?")
                .tool(Tool.function("get_weather", "The weather in a city, now", RawJson.parse("""
                        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}""")))
                .build();
        ChatResponse calls = portolan.chat().complete(question);
        assertThat(calls.toolCalls()).isNotEmpty();
        ChatRequest.Builder answers = question.toBuilder().message(calls.message());
        for (ToolCall call : calls.toolCalls()) {
            answers.message(Message.tool(call.id(), "{\"celsius\": 21}"));
        }
        return portolan.chat().complete(answers.build()).text();
    }

    @Test
    void a_stream_that_broke_is_broken_in_the_replay_too() {
        String partial;
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Cassette cassette = recording(simulator);
                Portolan portolan = portolan(cassette, KEY)) {
            simulator.faults().next(Fault.cutAfterEvents(4));
            partial = brokenText(portolan);
        }
        assertThat(partial).isNotEmpty();
        try (Cassette cassette = replaying();
                Portolan portolan = portolan(cassette, KEY)) {
            assertThat(brokenText(portolan)).isEqualTo(partial);
        }
    }

    private static String brokenText(Portolan portolan) {
        BrokenStreamException broken = null;
        try (ChatStream stream =
                portolan.chat().stream(ChatRequest.builder(CHAT).user("Hello").build())) {
            stream.forEach(event -> {});
        } catch (BrokenStreamException e) {
            broken = e;
        }
        assertThat(broken).isNotNull();
        return broken.partial().map(ChatResponse::text).orElse("");
    }

    @Test
    void retries_are_recorded_with_what_made_them_necessary() {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Cassette cassette = recording(simulator);
                Portolan portolan = portolan(cassette, KEY)) {
            simulator.faults().next(Fault.status(503, Duration.ZERO));
            assertThat(hello(portolan).attempts()).hasSize(2);
        }
        try (Cassette cassette = replaying();
                Portolan portolan = portolan(cassette, KEY)) {
            assertThat(hello(portolan).attempts()).hasSize(2);
        }
    }

    private static ChatResponse hello(Portolan portolan) {
        return portolan.chat().complete(ChatRequest.builder(CHAT).user("Hello").build());
    }

    @Test
    void another_request_fails_once_with_a_diff() {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Cassette cassette = recording(simulator);
                Portolan portolan = portolan(cassette, KEY)) {
            hello(portolan);
        }
        Cassette cassette = replaying();
        try (Portolan portolan = portolan(cassette, KEY)) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> portolan.chat()
                            .complete(ChatRequest.builder(CHAT).user("Hallo").build()))
                    .satisfies(refused -> assertThat(refused.attempts()).hasSize(1));
        }
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .withMessageContaining("\"content\": \"Hello\"")
                .withMessageContaining("\"content\": \"Hallo\"");
    }
}
