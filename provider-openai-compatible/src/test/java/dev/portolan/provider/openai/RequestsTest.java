package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.transport.retrofit.JsonBody;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request becomes on the wire. */
class RequestsTest {
    private static final String HEAD = "{\"model\":\"acme-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private static WireCall call(ChatRequest request, boolean stream, Quirk... quirks) {
        return new CompatibleDialect(Set.of(quirks)).map(request, stream);
    }

    private static String body(ChatRequest request, Quirk... quirks) {
        return new JsonBody(call(request, false, quirks).body()).text();
    }

    private static String messages(Message message, Quirk... quirks) {
        String body = body(ChatRequest.builder("local/m").message(message).build(), quirks);
        return body.substring("{\"model\":\"m\",\"messages\":[".length(), body.length() - 2);
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                field("nothing", r -> r, ""),
                field("temperature", r -> r.temperature(0.5), ",\"temperature\":0.5"),
                field("top_p", r -> r.topP(0.9), ",\"top_p\":0.9"),
                field("what vLLM and llama.cpp have", r -> r.topK(40).minP(0.1).repetitionPenalty(1.1), """
                        ,"top_k":40,"min_p":0.1,"repetition_penalty":1.1"""),
                field("penalties", r -> r.frequencyPenalty(1.0).presencePenalty(-1.0), """
                        ,"frequency_penalty":1.0,"presence_penalty":-1.0"""),
                field("seed", r -> r.seed(7L), ",\"seed\":7"),
                field("stop", r -> r.stop("\n", "END"), ",\"stop\":[\"\\n\",\"END\"]"),
                field("logit_bias", r -> r.logitBias(Map.of("50256", -100.0)), ",\"logit_bias\":{\"50256\":-100.0}"),
                field("logprobs", r -> r.logprobs(true).topLogprobs(2), ",\"logprobs\":true,\"top_logprobs\":2"),
                field("user", r -> r.endUser("u-1"), ",\"user\":\"u-1\""),
                field("service_tier", r -> r.serviceTier("flex"), ",\"service_tier\":\"flex\""),
                field("cache key", r -> r.promptCacheKey("k"), ",\"prompt_cache_key\":\"k\""),
                field("json", r -> r.responseFormat(ResponseFormat.JSON_OBJECT), """
                        ,"response_format":{"type":"json_object"}"""),
                field("effort", r -> r.reasoning(Reasoning.effort(Reasoning.Effort.LOW)), """
                        ,"reasoning_effort":"low\""""),
                field("reasoning on", r -> r.reasoning(Reasoning.ENABLED), ",\"reasoning_effort\":\"medium\""),
                field("reasoning off", r -> r.reasoning(new Reasoning(null, null, null, false, null, null, null)), """
                        ,"reasoning_effort":"none\""""),
                field(
                        "tools",
                        r -> r.tool(Tool.function("f", "does", RawJson.parse("{\"type\":\"object\"}")))
                                .toolChoice(ToolChoice.REQUIRED)
                                .parallelToolCalls(false),
                        """
                        ,"tools":[{"type":"function","function":{"name":"f","description":"does",\
                        "parameters":{"type":"object"}}}],"tool_choice":"required","parallel_tool_calls":false"""),
                field("extra", r -> r.extra("chat_template_kwargs", Map.of("enable_thinking", false)), """
                        ,"chat_template_kwargs":{"enable_thinking":false}"""));
    }

    private static Arguments field(String name, UnaryOperator<ChatRequest.Builder> set, String expected) {
        return Arguments.of(name, set, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void every_field_goes_by_the_name_that_openai_gave_it(
            String name, UnaryOperator<ChatRequest.Builder> set, String expected) {
        assertThat(body(set.apply(Server.request()).build())).isEqualTo(HEAD + expected + "}");
    }

    @Test
    void the_limit_of_an_answer_goes_by_the_one_name_that_the_server_knows() {
        ChatRequest newer = Server.request().maxCompletionTokens(9).build();
        ChatRequest older = Server.request().maxTokens(9).build();

        assertThat(body(newer)).isEqualTo(body(older)).contains("\"max_tokens\":9}");
        assertThat(body(newer, Quirk.MAX_COMPLETION_TOKENS))
                .isEqualTo(body(older, Quirk.MAX_COMPLETION_TOKENS))
                .contains("\"max_completion_tokens\":9}");
    }

    @Test
    void two_limits_that_differ_are_warned_of() {
        WireCall call =
                call(Server.request().maxTokens(9).maxCompletionTokens(10).build(), false, Quirk.MAX_COMPLETION_TOKENS);

        assertThat(call.body()).containsEntry("max_completion_tokens", 10).doesNotContainKey("max_tokens");
        assertThat(call.warnings()).extracting(Warning::subject).containsExactly("max_tokens");
    }

    @Test
    void a_stream_asks_for_its_usage_unless_the_server_refuses_that() {
        ChatRequest request = Server.request().build();

        assertThat(call(request, true).body())
                .containsEntry("stream", true)
                .containsEntry("stream_options", Map.of("include_usage", true));
        assertThat(call(request, true, Quirk.NO_STREAM_OPTIONS).body())
                .containsEntry("stream", true)
                .doesNotContainKey("stream_options");
        assertThat(call(request, false).body()).doesNotContainKeys("stream", "stream_options");
    }

    @Test
    void an_extra_may_replace_the_stream_options_but_no_field() {
        ChatRequest.Builder request = Server.request().extra("stream_options", Map.of("include_usage", false));

        assertThat(new JsonBody(call(request.build(), true).body()).text()).contains("{\"include_usage\":false}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(
                        Server.request().maxTokens(1).extra("max_tokens", 2).build()))
                .withMessageContaining("max_tokens");
    }

    @Test
    void what_the_api_does_not_have_is_warned_of() {
        ChatRequest request = Server.request()
                .reasoning(Reasoning.maxTokens(100).excluded())
                .options(new Foreign())
                .build();

        assertThat(call(request, false).warnings())
                .extracting(Warning::subject)
                .containsExactly("reasoning.max_tokens", "reasoning.exclude", "foreign");
        assertThat(body(request)).isEqualTo(HEAD + "}");
    }

    private record Foreign() implements ProviderOptions {
        @Override
        public String provider() {
            return "foreign";
        }
    }

    @Test
    void developers_are_the_system_to_most_servers() {
        Message message = Message.developer("Be brief.");

        assertThat(messages(message)).isEqualTo("{\"role\":\"system\",\"content\":\"Be brief.\"}");
        assertThat(messages(message, Quirk.DEVELOPER_ROLE))
                .isEqualTo("{\"role\":\"developer\",\"content\":\"Be brief.\"}");
    }

    @Test
    void images_in_a_message_are_data_urls() {
        Message message = Message.user(
                ContentPart.text("What?"), new ContentPart.Image(Media.bytes(new byte[] {1, 2, 3}, "image/png"), null));

        assertThat(messages(message)).isEqualTo("""
                {"role":"user","content":[{"type":"text","text":"What?"},\
                {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]}""");
    }

    @Test
    void an_answer_goes_back_with_its_calls_and_without_what_servers_refuse() {
        AssistantMessage message = AssistantMessage.builder()
                .reasoning("Hm.")
                .model("acme-1")
                .toolCalls(List.of(new ToolCall(
                        "c1", "f", "{ \"a\": 1 }", Map.of("extra_content", RawJson.parse("{\"signature\":\"s\"}")))))
                .build();

        String calls = """
                "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{ \\"a\\": 1 }"},\
                "extra_content":{"signature":"s"}}]""";
        assertThat(messages(message)).isEqualTo("{\"role\":\"assistant\",\"content\":null," + calls + "}");
        assertThat(messages(message, Quirk.SEND_REASONING))
                .isEqualTo("{\"role\":\"assistant\",\"content\":null," + calls + ",\"reasoning_content\":\"Hm.\"}");
    }

    @Test
    void extras_of_earlier_answers_go_back_only_to_servers_that_take_them() {
        AssistantMessage message = AssistantMessage.builder()
                .text("Yes")
                .extras(Map.of(
                        "provider_specific_fields",
                        RawJson.of(Map.of()),
                        "thinking_blocks",
                        RawJson.of(List.of()),
                        "function_call",
                        RawJson.NULL))
                .build();
        ChatRequest request = ChatRequest.builder("local/m").message(message).build();

        assertThat(messages(message)).isEqualTo("{\"role\":\"assistant\",\"content\":\"Yes\"}");
        assertThat(call(request, false).warnings())
                .extracting(Warning::toString)
                .singleElement()
                .asString()
                .contains("provider_specific_fields", "send_extras")
                .doesNotContain("thinking_blocks", "function_call");
        assertThat(messages(message, Quirk.SEND_REASONING))
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"Yes\",\"thinking_blocks\":[]}");
        assertThat(messages(message, Quirk.SEND_EXTRAS)).contains("\"provider_specific_fields\":{}");
        assertThat(call(request, false, Quirk.SEND_EXTRAS).warnings()).isEmpty();
    }

    @Test
    void images_of_earlier_answers_are_left_out_with_a_warning() {
        AssistantMessage message = AssistantMessage.builder()
                .part(ContentPart.text("Here."))
                .images(List.of(Media.url("https://example.com/a.png")))
                .build();
        ChatRequest request = ChatRequest.builder("local/m").message(message).build();

        assertThat(call(request, false).warnings()).extracting(Warning::subject).containsExactly("images");
        assertThat(body(request)).doesNotContain("example.com");
    }

    @Test
    void cache_breakpoints_go_only_where_they_are_taken() {
        ChatRequest request = ChatRequest.builder("local/m")
                .message(Message.user(new ContentPart.Text("long", CacheControl.EPHEMERAL, false)))
                .build();

        assertThat(body(request)).doesNotContain("cache_control");
        assertThat(call(request, false).warnings()).extracting(Warning::subject).containsExactly("cache_control");
        assertThat(body(request, Quirk.CACHE_CONTROL)).contains("\"cache_control\":{\"type\":\"ephemeral\"}");
        assertThat(call(request, false, Quirk.CACHE_CONTROL).warnings()).isEmpty();
    }
}
