package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamingTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void a_stream_ends_with_usage_and_done() throws Exception {
        Wire.Reply reply = wire.streamText(ask("Why is the sky blue?"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(reply.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(reply.header("Content-Length")).isEmpty();
        assertThat(reply.body())
                .startsWith(": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\ndata: {")
                .endsWith("}\n\ndata: [DONE]\n\n");
        AssembledStream stream = AssembledStream.of(reply.body());
        assertThat(stream.done).isTrue();
        assertThat(stream.finishReason).isEqualTo("stop");
        JsonObject last = stream.chunks.get(stream.chunks.size() - 1);
        assertThat(last.array("choices").isEmpty()).isTrue();
        assertThat(last.object("usage")).isNotNull();
        assertThat(stream.chunks).allSatisfy(chunk -> {
            assertThat(chunk.string("id")).isEqualTo(reply.header("X-Generation-Id"));
            assertThat(chunk.string("object")).isEqualTo("chat.completion.chunk");
            assertThat(chunk.string("model")).isEqualTo("openai/gpt-4o-mini");
            assertThat(chunk.string("provider")).isEqualTo("OpenAI");
            assertThat(chunk.number("created")).isPositive();
        });
    }

    @Test
    void text_comes_word_by_word_after_the_role() throws Exception {
        List<JsonObject> deltas = wire.stream(ask("Why is the sky blue?")).chunks.stream()
                .flatMap(chunk -> chunk.array("choices").objects().stream())
                .map(choice -> Objects.requireNonNull(choice.object("delta")))
                .toList();

        assertThat(deltas.get(0).string("role")).isEqualTo("assistant");
        assertThat(deltas.get(0).string("content")).isEmpty();
        assertThat(deltas.subList(1, 5))
                .extracting(delta -> delta.string("content"))
                .containsExactly("The", " sky", " is", " blue");
    }

    static Stream<String> requests() {
        return Stream.of(
                ask("Why is the sky blue?"),
                ask("Grüezi 🌍 👩‍🚀"),
                ask("Why is the sky blue?", "\"max_tokens\":7"),
                ask("Why is the sky blue?", "\"logprobs\":true", "\"top_logprobs\":1"),
                ask("Why is the sky blue?", "\"response_format\":{\"type\":\"json_object\"}"),
                ask("Weather and time in Oslo", ToolCallsTest.TOOLS),
                ask("Weather and time in Oslo", ToolCallsTest.TOOLS, "\"max_tokens\":9"),
                ask("News", "\"tools\":[{\"type\":\"openrouter:web_search\"}]"),
                askModel("anthropic/claude-sonnet-4.5", "Think", "\"reasoning\":{\"effort\":\"high\"}"),
                askModel("anthropic/claude-sonnet-4.5", "Think", "\"reasoning\":{}", "\"max_tokens\":4"),
                askModel("anthropic/claude-sonnet-4.5", "Weather in Oslo", "\"reasoning\":{}", ToolCallsTest.TOOLS),
                askModel("google/gemini-2.5-flash", "Think", "\"reasoning\":{\"max_tokens\":100}"),
                askModel("openai/gpt-5-mini", "Think", "\"reasoning\":{\"enabled\":true}"),
                askModel("openai/gpt-5-mini", "Think", "\"reasoning\":{\"exclude\":true}"),
                askModel("deepseek/deepseek-r1-0528:free", "Think"),
                askModel("google/gemini-2.5-flash-image", "A cat", "\"modalities\":[\"image\",\"text\"]"),
                askModel("google/gemini-2.5-flash-image", "A cat", "\"modalities\":[\"image\"]"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void an_assembled_stream_equals_the_blocking_answer(String body) throws Exception {
        Wire.Reply blocking = wire.chat(body);
        AssembledStream stream = wire.stream(body);

        JsonObject message = blocking.message();
        assertThat(stream.content.toString()).isEqualTo(blocking.content());
        assertThat(stream.reasoning.toString()).isEqualTo(message.string("reasoning", ""));
        assertThat(stream.reasoningDetails)
                .hasSize(message.array("reasoning_details").size());
        for (int i = 0; i < stream.reasoningDetails.size(); i++) {
            JsonObject expected = message.array("reasoning_details").objects().get(i);
            assertThat(stream.reasoningDetails.get(i).names()).hasSameElementsAs(expected.names());
            assertThat(expected.names())
                    .allSatisfy(name -> assertThat(expected.get(name))
                            .as(name)
                            .isIn(stream.reasoningDetails.stream()
                                    .map(detail -> detail.get(name))
                                    .toList()));
        }
        List<JsonObject> calls = message.array("tool_calls").objects();
        assertThat(stream.callIds)
                .isEqualTo(calls.stream().map(call -> call.string("id", "")).toList());
        assertThat(stream.callNames)
                .isEqualTo(calls.stream()
                        .map(call -> function(call).string("name", ""))
                        .toList());
        assertThat(stream.callArguments.stream().map(StringBuilder::toString).toList())
                .isEqualTo(calls.stream()
                        .map(call -> function(call).string("arguments", ""))
                        .toList());
        assertThat(stream.images.toString()).isEqualTo(message.array("images").toString());
        assertThat(stream.annotations.toString())
                .isEqualTo(message.array("annotations").toString());
        JsonObject logprobs = blocking.choice().object("logprobs");
        assertThat(stream.logprobs.toString())
                .isEqualTo(logprobs == null ? "[]" : logprobs.array("content").toString());
        assertThat(stream.finishReason).isEqualTo(blocking.choice().string("finish_reason"));
        assertThat(stream.nativeFinishReason).isEqualTo(blocking.choice().string("native_finish_reason"));
        assertThat(stream.usage.toString()).isEqualTo(blocking.usage().toString());
    }

    private static JsonObject function(JsonObject call) {
        return Objects.requireNonNull(call.object("function"));
    }

    @Test
    void tool_calls_come_in_fragments_that_interleave() throws Exception {
        AssembledStream stream = wire.stream(ask("Weather and time in Oslo", ToolCallsTest.TOOLS));

        List<Integer> order = stream.chunks.stream()
                .flatMap(chunk -> chunk.array("choices").objects().stream())
                .flatMap(
                        choice -> Objects.requireNonNull(choice.object("delta")).array("tool_calls").objects().stream())
                .map(fragment -> fragment.integer("index", -1))
                .toList();
        assertThat(order.lastIndexOf(0)).isGreaterThan(order.indexOf(1));
        assertThat(order.size()).isGreaterThan(4);
        JsonObject head = stream.chunks.stream()
                .flatMap(chunk -> chunk.array("choices").objects().stream())
                .flatMap(
                        choice -> Objects.requireNonNull(choice.object("delta")).array("tool_calls").objects().stream())
                .findFirst()
                .orElseThrow();
        assertThat(head.names()).containsExactly("index", "id", "type", "function");
        assertThat(function(head).string("arguments")).isEmpty();
    }

    @Test
    void the_signature_of_the_reasoning_comes_after_the_content_has_begun() throws Exception {
        String text = wire.streamText(askModel("anthropic/claude-sonnet-4.5", "Think", "\"reasoning\":{}"))
                .body();

        int firstWord = text.indexOf("\"content\":\"This\"");
        assertThat(text.indexOf("\"reasoning\":\"The\"")).isBetween(0, firstWord);
        assertThat(text.indexOf("\"signature\"")).isGreaterThan(firstWord);
    }

    @Test
    void each_chunk_is_flushed_while_the_stream_goes_on() throws Exception {
        try (OpenRouterSimulator slow =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofHours(1)).start()) {
            HttpResponse<InputStream> response = new Wire(slow).open(ask("Why is the sky blue?"));
            try (InputStream body = response.body()) {
                List<String> lines = Wire.readUntil(body, "data: ");
                assertThat(lines).startsWith(": OPENROUTER PROCESSING", "");
                assertThat(lines.get(lines.size() - 1)).contains("\"role\":\"assistant\"");
            }
        }
    }

    @Test
    void a_debug_chunk_comes_first_when_asked_for() throws Exception {
        AssembledStream stream = wire.stream(ask(
                "Hi",
                "\"debug\":{\"echo_upstream_body\":true}",
                "\"temperature\":0.5",
                "\"top_k\":3",
                "\"user\":\"u\""));

        JsonObject first = stream.chunks.get(0);
        assertThat(first.array("choices").isEmpty()).isTrue();
        JsonObject echo = Objects.requireNonNull(
                Objects.requireNonNull(first.object("debug")).object("echo_upstream_body"));
        assertThat(echo.string("model")).isEqualTo("gpt-4o-mini");
        assertThat(echo.number("temperature")).isEqualTo(new BigDecimal("0.5"));
        assertThat(echo.names()).doesNotContain("top_k", "user");
        assertThat(wire.chat(ask("Hi", "\"debug\":{\"echo_upstream_body\":true}"))
                        .json()
                        .has("debug"))
                .isFalse();
    }

    @Test
    void router_metadata_rides_on_the_last_chunk_when_asked_for() throws Exception {
        AssembledStream stream = wire.stream(askModel("openrouter/auto", "Hi"), "X-OpenRouter-Metadata", "Enabled");

        assertThat(stream.chunks.stream().filter(chunk -> chunk.has("openrouter_metadata")))
                .singleElement()
                .isSameAs(stream.chunks.get(stream.chunks.size() - 1));
        assertThat(wire.stream(ask("Hi")).chunks).noneMatch(chunk -> chunk.has("openrouter_metadata"));
    }

    @Test
    void a_refusal_before_the_first_token_is_plain_json() throws Exception {
        Wire.Reply reply = wire.streamText(askModel("acme/nothing", "Hi"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    }
}
