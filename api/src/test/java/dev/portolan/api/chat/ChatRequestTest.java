package dev.portolan.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChatRequestTest {
    record ToyOptions(String provider, String setting) implements ProviderOptions {}

    record OtherOptions(String provider) implements ProviderOptions {}

    private static ChatRequest.Builder request() {
        return ChatRequest.builder("openrouter/google/gemini-2.5-flash").user("Hello");
    }

    private static ChatRequest.Builder requestWithEverything() {
        return request()
                .system("Be brief.")
                .message(Message.developer("Be exact."))
                .user(ContentPart.text("What is this?"), ContentPart.image("https://example.org/a.png"))
                .message(Message.assistant("A cat."))
                .messages(List.of(Message.tool("call_1", "42")))
                .temperature(0.5)
                .topP(0.9)
                .topK(40)
                .minP(0.05)
                .topA(0.1)
                .frequencyPenalty(-0.5)
                .presencePenalty(0.5)
                .repetitionPenalty(1.1)
                .seed(7L)
                .stop("END", "STOP")
                .logitBias(Map.of("50256", -100.0))
                .tool(Tool.function("f", "does f", RawJson.of(Map.of("type", "object"))))
                .tools(List.of(Tool.server("openrouter:web_search", Map.of("max_results", 3))))
                .toolChoice(ToolChoice.function("f"))
                .parallelToolCalls(false)
                .responseFormat(ResponseFormat.jsonSchema("answer", RawJson.of(Map.of())))
                .reasoning(Reasoning.effort(Reasoning.Effort.HIGH).excluded())
                .maxCompletionTokens(100)
                .maxTokens(200)
                .modalities(Output.Modality.TEXT, Output.Modality.AUDIO)
                .audio(new Output.AudioFormat("alloy", "wav"))
                .verbosity(Output.Verbosity.LOW)
                .logprobs(true)
                .topLogprobs(5)
                .prediction("A cat.")
                .endUser("user-1")
                .metadata("z", "1")
                .metadata("a", "2")
                .serviceTier("flex")
                .promptCacheKey("key")
                .options(new ToyOptions("toy", "1"))
                .options(new OtherOptions("other"))
                .extra("z", 1)
                .extra("a", null)
                .timeout(Duration.ofSeconds(30))
                .baseUrl(URI.create("http://127.0.0.1:4010/api/v1"))
                .header("X-Title", "test");
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                bad("temperature", r -> r.temperature(-0.1), "temperature must be between 0 and 2, found -0.1"),
                bad("temperature", r -> r.temperature(2.1), "temperature must be between 0 and 2, found 2.1"),
                bad("temperature", r -> r.temperature(Double.NaN), "temperature must be between 0 and 2, found NaN"),
                bad("top_p", r -> r.topP(-0.1), "top_p must be between 0 and 1, found -0.1"),
                bad("top_p", r -> r.topP(1.1), "top_p must be between 0 and 1, found 1.1"),
                bad("top_k", r -> r.topK(-1), "top_k must be at least 0, found -1"),
                bad("min_p", r -> r.minP(1.5), "min_p must be between 0 and 1, found 1.5"),
                bad("min_p", r -> r.minP(-1.0), "min_p must be between 0 and 1, found -1.0"),
                bad("top_a", r -> r.topA(1.5), "top_a must be between 0 and 1, found 1.5"),
                bad("top_a", r -> r.topA(-1.0), "top_a must be between 0 and 1, found -1.0"),
                bad("frequency", r -> r.frequencyPenalty(2.5), "frequency_penalty must be between -2 and 2, found 2.5"),
                bad(
                        "frequency",
                        r -> r.frequencyPenalty(-3.0),
                        "frequency_penalty must be between -2 and 2, found -3.0"),
                bad("presence", r -> r.presencePenalty(2.5), "presence_penalty must be between -2 and 2, found 2.5"),
                bad("presence", r -> r.presencePenalty(-3.0), "presence_penalty must be between -2 and 2, found -3.0"),
                bad(
                        "repetition",
                        r -> r.repetitionPenalty(2.5),
                        "repetition_penalty must be between 0 and 2, found 2.5"),
                bad(
                        "repetition",
                        r -> r.repetitionPenalty(-1.0),
                        "repetition_penalty must be between 0 and 2, found -1.0"),
                bad("stop", r -> r.stop("1", "2", "3", "4", "5"), "stop takes at most 4 texts, found 5"),
                bad(
                        "logit_bias",
                        r -> r.logitBias(Map.of("50256", 100.5)),
                        "logit_bias of token 50256 must be between -100 and 100, found 100.5"),
                bad(
                        "logit_bias",
                        r -> r.logitBias(Map.of("50256", Double.NEGATIVE_INFINITY)),
                        "logit_bias of token 50256 must be between -100 and 100, found -Infinity"),
                bad("length", r -> r.maxCompletionTokens(0), "max_completion_tokens must be at least 1, found 0"),
                bad("length", r -> r.maxTokens(-5), "max_tokens must be at least 1, found -5"),
                bad(
                        "top_logprobs",
                        r -> r.logprobs(true).topLogprobs(21),
                        "top_logprobs must be between 0 and 20, found 21"),
                bad(
                        "top_logprobs",
                        r -> r.logprobs(true).topLogprobs(-1),
                        "top_logprobs must be between 0 and 20, found -1"),
                bad("top_logprobs", r -> r.topLogprobs(1), "top_logprobs needs logprobs to be true"),
                bad("top_logprobs", r -> r.logprobs(false).topLogprobs(1), "top_logprobs needs logprobs to be true"),
                bad(
                        "reasoning",
                        r -> r.reasoning(Reasoning.maxTokens(0)),
                        "reasoning max tokens must be at least 1, found 0"),
                bad(
                        "reasoning",
                        r -> r.reasoning(new Reasoning(Reasoning.Effort.LOW, 10, null, null, null, null, null)),
                        "reasoning takes an effort or a budget of max tokens, not both"),
                bad(
                        "metadata",
                        r -> IntStream.range(0, 17).forEach(i -> r.metadata("key" + i, "value")),
                        "metadata takes at most 16 entries, found 17"),
                bad(
                        "metadata",
                        r -> r.metadata("k".repeat(65), "value"),
                        "A key of metadata must have at most 64 characters, found 65"),
                bad(
                        "metadata",
                        r -> r.metadata("key", "v".repeat(513)),
                        "The value of metadata 'key' must have at most 512 characters, found 513"),
                bad(
                        "timeout",
                        r -> r.timeout(Duration.ofSeconds(-1)),
                        "call must not be negative, found PT-1S; zero means no limit"),
                bad(
                        "model",
                        r -> r.model("gpt-5"),
                        "Bad model id 'gpt-5'; expected <provider>/<model>, for example "
                                + "'openrouter/google/gemini-2.5-flash'"),
                bad(
                        "tool",
                        r -> r.tool(Tool.server(" ")),
                        "A server tool needs a type, such as 'openrouter:web_search'"),
                bad(
                        "tool",
                        r -> r.tool(Tool.function("get weather", "", RawJson.NULL)),
                        "Bad tool name 'get weather'; use 1 to 64 of the characters A-Z, a-z, 0-9, '_' and '-'"),
                bad(
                        "tool",
                        r -> r.tool(Tool.function("", "", RawJson.NULL)),
                        "Bad tool name ''; use 1 to 64 of the characters A-Z, a-z, 0-9, '_' and '-'"),
                bad(
                        "schema",
                        r -> r.responseFormat(ResponseFormat.jsonSchema(" ", RawJson.NULL)),
                        "A JSON schema needs a name"),
                bad(
                        "schema",
                        r -> r.responseFormat(ResponseFormat.jsonSchema("n".repeat(65), RawJson.NULL)),
                        "The name of a JSON schema must have at most 64 characters, found 65"));
    }

    private static Arguments bad(String field, Consumer<ChatRequest.Builder> change, String message) {
        return arguments(field, change, message);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("outOfRange")
    void a_value_out_of_its_range_is_refused_with_its_name_and_range(
            String field, Consumer<ChatRequest.Builder> change, String message) {
        ChatRequest.Builder builder = request();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    change.accept(builder);
                    builder.build();
                })
                .withMessage(message);
    }

    static Stream<Consumer<ChatRequest.Builder>> atTheEdge() {
        return Stream.of(
                r -> r.temperature(0.0).topP(0.0).topK(0).minP(0.0).topA(0.0),
                r -> r.temperature(2.0)
                        .topP(1.0)
                        .topK(Integer.MAX_VALUE)
                        .minP(1.0)
                        .topA(1.0),
                r -> r.frequencyPenalty(-2.0).presencePenalty(-2.0).repetitionPenalty(0.0),
                r -> r.frequencyPenalty(2.0).presencePenalty(2.0).repetitionPenalty(2.0),
                r -> r.seed(Long.MIN_VALUE).stop("1", "2", "3", "4").stop(),
                r -> r.logitBias(Map.of("1", -100.0, "2", 100.0)),
                r -> r.maxCompletionTokens(1).maxTokens(1).logprobs(true).topLogprobs(20),
                r -> r.reasoning(Reasoning.maxTokens(1)),
                r -> IntStream.range(0, 16).forEach(i -> r.metadata("k".repeat(48 + i), "v".repeat(512))),
                r -> r.metadata("k".repeat(64), ""),
                r -> r.tool(Tool.function("A-z_9".repeat(12) + "four", "", RawJson.NULL)),
                r -> r.responseFormat(ResponseFormat.jsonSchema("n".repeat(64), RawJson.NULL)));
    }

    @ParameterizedTest
    @MethodSource("atTheEdge")
    void values_at_the_edge_of_their_range_are_taken(Consumer<ChatRequest.Builder> change) {
        ChatRequest.Builder builder = request();
        change.accept(builder);

        assertThat(builder.build()).isNotNull();
    }

    @Test
    void a_request_without_a_message_is_refused_with_the_way_to_add_one() {
        ChatRequest.Builder builder = ChatRequest.builder("openrouter/auto");

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("A chat request needs at least one message; add one with user(\"…\")");
    }

    @Test
    void what_is_not_set_is_not_there() {
        ChatRequest request = request().build();

        assertThat(request.sampling()).isEqualTo(Sampling.DEFAULT);
        assertThat(request.toolUse()).isEqualTo(ToolUse.NONE);
        assertThat(request.responseFormat()).isNull();
        assertThat(request.reasoning()).isNull();
        assertThat(request.output()).isEqualTo(Output.DEFAULT);
        assertThat(request.caller()).isEqualTo(Caller.NONE);
        assertThat(request.options()).isEmpty();
        assertThat(request.extras()).isEmpty();
        assertThat(request.call()).isEqualTo(CallOptions.DEFAULT);
    }

    @Test
    void what_is_set_back_to_null_is_not_there() {
        ChatRequest request = request()
                .temperature(1.0)
                .temperature(null)
                .maxTokens(5)
                .maxTokens(null)
                .reasoning(Reasoning.ENABLED)
                .reasoning(null)
                .build();

        assertThat(request).isEqualTo(request().build());
    }

    @Test
    void every_value_reaches_its_place() {
        ChatRequest request = requestWithEverything().build();

        assertThat(request.model()).isEqualTo(new ModelId("openrouter", "google/gemini-2.5-flash"));
        assertThat(request.messages())
                .containsExactly(
                        Message.user("Hello"),
                        Message.system("Be brief."),
                        Message.developer("Be exact."),
                        Message.user(ContentPart.text("What is this?"), ContentPart.image("https://example.org/a.png")),
                        Message.assistant("A cat."),
                        Message.tool("call_1", "42"));
        assertThat(request.sampling())
                .isEqualTo(new Sampling(
                        0.5, 0.9, 40, 0.05, 0.1, -0.5, 0.5, 1.1, 7L, List.of("END", "STOP"), Map.of("50256", -100.0)));
        assertThat(request.toolUse().tools()).hasSize(2);
        assertThat(request.toolUse().choice()).isEqualTo(ToolChoice.function("f"));
        assertThat(request.toolUse().parallel()).isFalse();
        assertThat(request.responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema("answer", null, RawJson.parse("{}"), true));
        assertThat(request.reasoning())
                .isEqualTo(new Reasoning(Reasoning.Effort.HIGH, null, true, null, null, null, null));
        assertThat(request.output())
                .isEqualTo(new Output(
                        100,
                        200,
                        List.of(Output.Modality.TEXT, Output.Modality.AUDIO),
                        new Output.AudioFormat("alloy", "wav"),
                        Output.Verbosity.LOW,
                        true,
                        5,
                        "A cat."));
        assertThat(request.caller()).isEqualTo(new Caller("user-1", Map.of("z", "1", "a", "2"), "flex", "key"));
        assertThat(request.call())
                .isEqualTo(new CallOptions(
                        Timeouts.UNSET.withCall(Duration.ofSeconds(30)),
                        null,
                        URI.create("http://127.0.0.1:4010/api/v1"),
                        Map.of("X-Title", "test"),
                        Map.of()));
    }

    @Test
    void a_request_made_from_a_request_is_equal_to_it() {
        ChatRequest everything = requestWithEverything().build();
        ChatRequest little = request().build();

        assertThat(everything.toBuilder().build()).isEqualTo(everything).hasSameHashCodeAs(everything);
        assertThat(little.toBuilder().build()).isEqualTo(little);
        assertThat(everything.toBuilder().build().extras().keySet()).containsExactly("z", "a");
        assertThat(everything.toBuilder().build().caller().metadata().keySet()).containsExactly("z", "a");
    }

    @Test
    void a_request_made_from_a_request_leaves_that_one_unchanged() {
        ChatRequest request = requestWithEverything().build();

        ChatRequest changed = request.toBuilder()
                .model("local/qwen3")
                .user("More")
                .temperature(1.0)
                .maxTokens(1)
                .metadata("new", "3")
                .extra("new", 3)
                .build();

        assertThat(request).isEqualTo(requestWithEverything().build());
        assertThat(changed.model()).isEqualTo(ModelId.parse("local/qwen3"));
        assertThat(changed.messages()).hasSize(request.messages().size() + 1);
        assertThat(changed.sampling().topP()).isEqualTo(0.9);
        assertThat(changed.extras().keySet()).containsExactly("z", "a", "new");
    }

    @Test
    void extras_keep_the_order_in_which_they_were_set() {
        ChatRequest request = request()
                .extra("z", 1)
                .extra("m", List.of())
                .extra("a", null)
                .extra("z", 2)
                .build();

        assertThat(request.extras())
                .containsExactly(
                        Map.entry("z", RawJson.of(2)),
                        Map.entry("m", RawJson.of(List.of())),
                        Map.entry("a", RawJson.NULL));
    }

    @Test
    void an_extra_that_is_no_json_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request().extra("when", Duration.ZERO))
                .withMessageStartingWith("Cannot write a java.time.Duration as JSON");
    }

    @Test
    void options_of_a_provider_replace_those_set_before() {
        ChatRequest request = request()
                .options(new ToyOptions("toy", "1"))
                .options(new OtherOptions("other"))
                .options(new ToyOptions("toy", "2"))
                .build();

        assertThat(request.options()).containsExactlyInAnyOrder(new OtherOptions("other"), new ToyOptions("toy", "2"));
        assertThat(request.options(ToyOptions.class)).contains(new ToyOptions("toy", "2"));
        assertThat(request().build().options(ToyOptions.class)).isEmpty();
    }

    @Test
    void two_options_of_one_kind_of_provider_are_refused() {
        ChatRequest request = request().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChatRequest(
                        request.model(),
                        request.messages(),
                        request.sampling(),
                        request.toolUse(),
                        null,
                        null,
                        request.output(),
                        request.caller(),
                        List.of(new ToyOptions("toy", "1"), new OtherOptions("toy")),
                        Map.of(),
                        request.call()))
                .withMessage("A chat request takes one options object for each provider, found [toy, toy]");
    }

    @Test
    void a_request_does_not_change_with_what_it_was_made_from() {
        List<Message> messages = new ArrayList<>(List.of(Message.user("Hello")));
        List<ProviderOptions> options = new ArrayList<>(List.of(new OtherOptions("other")));
        Map<String, RawJson> extras = new HashMap<>(Map.of("a", RawJson.NULL));
        ChatRequest request = new ChatRequest(
                ModelId.parse("openrouter/auto"),
                messages,
                Sampling.DEFAULT,
                ToolUse.NONE,
                null,
                null,
                Output.DEFAULT,
                Caller.NONE,
                options,
                extras,
                CallOptions.DEFAULT);
        messages.clear();
        options.clear();
        extras.clear();

        assertThat(request.messages()).hasSize(1);
        assertThat(request.options()).hasSize(1);
        assertThat(request.extras()).hasSize(1);
    }

    @Test
    void a_request_does_not_change_with_the_builder_that_made_it() {
        Map<String, Double> bias = new HashMap<>(Map.of("1", 1.0));
        ChatRequest.Builder builder = request().logitBias(bias);
        ChatRequest request = builder.build();
        ChatRequest same = builder.build();
        builder.user("More")
                .tool(Tool.server("x"))
                .extra("a", 1)
                .metadata("a", "1")
                .options(new OtherOptions("o"));
        bias.clear();

        assertThat(request).isEqualTo(same);
        assertThat(request.messages()).hasSize(1);
        assertThat(request.toolUse().tools()).isEmpty();
        assertThat(request.extras()).isEmpty();
        assertThat(request.caller().metadata()).isEmpty();
        assertThat(request.options()).isEmpty();
        assertThat(request.sampling().logitBias()).hasSize(1);
    }

    static Stream<Consumer<ChatRequest>> changes() {
        return Stream.of(
                r -> r.messages().clear(),
                r -> r.messages().get(0).content().clear(),
                r -> r.messages().get(0).extras().put("a", RawJson.NULL),
                r -> r.sampling().stop().clear(),
                r -> r.sampling().logitBias().clear(),
                r -> r.toolUse().tools().clear(),
                r -> r.output().modalities().clear(),
                r -> r.caller().metadata().clear(),
                r -> r.options().clear(),
                r -> r.extras().clear(),
                r -> r.call().headers().clear());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void nothing_in_a_request_can_be_changed(Consumer<ChatRequest> change) {
        ChatRequest request = requestWithEverything().build();

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> change.accept(request));
    }

    static Stream<Arguments> missing() {
        Map<String, Double> bias = new LinkedHashMap<>();
        bias.put("50256", null);
        return Stream.of(
                arguments("a message", (Consumer<ChatRequest.Builder>) r -> r.message(null)),
                arguments("a tool", (Consumer<ChatRequest.Builder>) r -> r.tool(null)),
                arguments("a value of metadata", (Consumer<ChatRequest.Builder>) r -> r.metadata("a", null)),
                arguments("a bias", (Consumer<ChatRequest.Builder>) r -> r.logitBias(bias)),
                arguments("the model", (Consumer<ChatRequest.Builder>) r -> r.model((ModelId) null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("missing")
    void nothing_in_a_request_can_be_null(String what, Consumer<ChatRequest.Builder> change) {
        ChatRequest.Builder builder = request();

        assertThatNullPointerException().isThrownBy(() -> {
            change.accept(builder);
            builder.build();
        });
    }

    @Test
    void the_value_of_a_header_is_not_shown() {
        assertThat(request().header("X-Key", "sk-secret").build().toString()).doesNotContain("sk-secret");
    }
}
