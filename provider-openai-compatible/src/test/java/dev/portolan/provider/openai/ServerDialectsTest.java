package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies as the servers write them, over HTTP on loopback. */
class ServerDialectsTest {
    @RegisterExtension
    private final Server server = new Server();

    private ChatResponse complete(String body, Quirk... quirks) {
        return server.json(200, body).chat(quirks).complete(Server.request().build());
    }

    private ChatResponse stream(String... chunks) {
        try (ChatStream stream =
                server.chunks(chunks).chat().stream(Server.request().build())) {
            return stream.response();
        }
    }

    /** Ollama 0.9: whole calls in one chunk, all with the index 0. */
    @Test
    void ollama_streams_each_call_whole_and_all_with_one_index() {
        ChatResponse reply = stream("""
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1748386980,"model":"qwen3",
                "system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"",
                "tool_calls":[{"id":"call_a","index":0,"type":"function",
                "function":{"name":"weather","arguments":"{\\"city\\":\\"Genoa\\"}"}}]},"finish_reason":null}]}""", """
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1748386980,"model":"qwen3",
                "choices":[{"index":0,"delta":{"role":"assistant","content":"",
                "tool_calls":[{"id":"call_b","index":0,"type":"function",
                "function":{"name":"weather","arguments":"{\\"city\\":\\"Pisa\\"}"}}]},"finish_reason":null}]}""", """
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1748386980,"model":"qwen3",
                "choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"tool_calls"}]}""", """
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1748386980,"model":"qwen3","choices":[],
                "usage":{"prompt_tokens":8,"completion_tokens":20,"total_tokens":28}}""");

        assertThat(reply.toolCalls())
                .containsExactly(
                        new ToolCall("call_a", "weather", "{\"city\":\"Genoa\"}"),
                        new ToolCall("call_b", "weather", "{\"city\":\"Pisa\"}"));
        assertThat(reply.usage().totalTokens()).isEqualTo(28);
        assertThat(reply.cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void calls_without_id_and_index_and_with_arguments_as_an_object_are_whole_calls() {
        String calls = """
                "tool_calls":[{"function":{"name":"f","arguments":{"a":1}}},{"function":{"name":"f","arguments":{"a":2}}}]""";
        ChatResponse whole = complete("{\"id\":\"x\",\"choices\":[{\"message\":{\"content\":null," + calls
                + "},\"finish_reason\":\"tool_calls\"}]}");
        ChatResponse streamed = stream("{\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":null," + calls
                + "},\"finish_reason\":\"tool_calls\"}]}");

        for (ChatResponse reply : List.of(whole, streamed)) {
            assertThat(reply.toolCalls()).extracting(ToolCall::arguments).containsExactly("{\"a\":1}", "{\"a\":2}");
            assertThat(reply.toolCalls())
                    .extracting(ToolCall::id)
                    .doesNotHaveDuplicates()
                    .allSatisfy(id -> assertThat(id).isNotBlank());
        }
        assertThat(streamed.toolCalls()).isEqualTo(whole.toolCalls());
    }

    /** vLLM before and since it renamed the member. */
    @Test
    void reasoning_is_read_by_both_of_its_names() {
        ChatResponse older = stream(
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"reasoning_content\":\"Hm\"}}]}",
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\".\"}}]}",
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\",\"stop_reason\":null}]}");
        ChatResponse newer = complete("""
                {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":
                {"role":"assistant","content":"Yes","refusal":null,"annotations":null,"audio":null,"function_call":null,
                "tool_calls":[],"reasoning":"Hm.","reasoning_content":"Hm."},"logprobs":null,"finish_reason":"stop",
                "stop_reason":null,"token_ids":null}],"service_tier":null,"system_fingerprint":null,
                "usage":{"prompt_tokens":3,"total_tokens":9,"completion_tokens":6,"prompt_tokens_details":null},
                "prompt_logprobs":null,"kv_transfer_params":null}""");

        for (ChatResponse reply : List.of(older, newer)) {
            assertThat(reply.message().reasoning()).isEqualTo("Hm.");
            assertThat(reply.text()).isEqualTo("Yes");
        }
        assertThat(newer.usage().completionTokens()).isEqualTo(6);
    }

    @Test
    void think_tags_are_reasoning_if_the_server_is_said_to_write_them() {
        String body = """
                {"id":"c","choices":[{"index":0,"message":{"content":"<think>\\nHm.\\n</think>\\n\\nYes"},
                "finish_reason":"stop"}]}""";

        assertThat(complete(body).text()).startsWith("<think>");
        ChatResponse told = complete(body, Quirk.THINK_TAGS);
        assertThat(told.message().reasoning()).isEqualTo("Hm.");
        assertThat(told.text()).isEqualTo("Yes");
    }

    @Test
    void usage_that_is_not_told_is_unknown_and_no_event_says_it_is_0() {
        server.chunks("{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}");

        List<ChatEvent> events = Server.events(
                server.chat(Quirk.NO_STREAM_OPTIONS).stream(Server.request().build()));

        assertThat(events).noneMatch(ChatEvent.UsageReported.class::isInstance);
        ChatResponse reply = ((ChatEvent.ResponseFinished) events.get(events.size() - 1)).response();
        assertThat(reply.usage()).isEqualTo(Usage.NOT_REPORTED);
        assertThat(reply.usage().isReported()).isFalse();
        assertThat(reply.cost().isKnown()).isFalse();
    }

    @Test
    void litellms_header_is_the_cost() {
        server.json(
                200,
                "{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}",
                "x-litellm-response-cost",
                "7.5e-06");
        ChatResponse reply = server.chat().complete(Server.request().build());

        assertThat(reply.cost().source()).isEqualTo(Cost.Source.REPORTED);
        assertThat(reply.cost().amount()).isEqualByComparingTo("0.0000075");
    }

    @Test
    void a_header_without_a_number_is_no_cost_and_one_without_usage_is() {
        String body = "{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}";

        assertThat(server.json(200, body, "x-litellm-response-cost", "None")
                        .chat()
                        .complete(Server.request().build())
                        .cost())
                .isEqualTo(Cost.UNKNOWN);
        ChatResponse reply = server.json(200, body, "x-litellm-response-cost", "0.25")
                .chat()
                .complete(Server.request().build());
        assertThat(reply.cost().amount()).isEqualByComparingTo("0.25");
        assertThat(reply.usage().isReported()).isFalse();
    }

    @Test
    void litellm_tells_the_cost_of_a_stream_in_its_usage() {
        ChatResponse reply = stream(
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}",
                "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2,"
                        + "\"cost\":0.000125}}");

        assertThat(reply.cost().amount()).isEqualByComparingTo("0.000125");
    }

    /** OpenAI pads its chunks against those who listen to their lengths. */
    @Test
    void openais_padding_is_no_part_of_the_reply() {
        ChatResponse reply = stream(
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"},"
                        + "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null,\"obfuscation\":\"YfRk2\"}",
                "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":10,\"total_tokens\":29,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4,\"audio_tokens\":0},\"completion_tokens_details\":"
                        + "{\"reasoning_tokens\":3,\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
                        + "\"rejected_prediction_tokens\":0}},\"obfuscation\":\"x\"}");

        assertThat(reply.extras()).containsOnlyKeys("id");
        assertThat(reply.usage().prompt().cachedTokens()).isEqualTo(4);
        assertThat(reply.usage().completion().reasoningTokens()).isEqualTo(3);
    }

    /** llama.cpp tells its timings beside the reply. */
    @Test
    void what_has_no_field_is_kept() {
        ChatResponse reply = complete("""
                {"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant","content":"Yes"}}],
                "created":1,"model":"gpt-3.5-turbo","system_fingerprint":"b6000","object":"chat.completion",
                "usage":{"completion_tokens":1,"prompt_tokens":2,"total_tokens":3},"id":"chatcmpl-2",
                "timings":{"prompt_n":2,"predicted_per_second":45.5}}""");

        assertThat(reply.extras()).containsOnlyKeys("timings", "id");
        assertThat(reply.id()).isNull();
    }

    @Test
    void an_id_that_can_be_unique_is_that_of_the_reply() {
        ChatResponse reply = complete("{\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"choices\":[{\"message\":"
                + "{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}");

        assertThat(reply.id()).isEqualTo("chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT");
        assertThat(reply.extras()).isEmpty();
    }

    /** Perplexity: the message of each chunk repeats all deltas so far; the cost has parts. */
    @Test
    void a_message_beside_a_delta_is_not_read_twice() {
        ChatResponse reply = stream(
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":null,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"The\"},\"delta\":{\"role\":\"assistant\",\"content\":\"The\"}}]}",
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":null,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"The cat\"},\"delta\":{\"content\":\" cat\"}}]}",
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\".\"},\"message\":{\"content\":"
                        + "\"The cat.\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":3,"
                        + "\"cost\":{\"input_tokens_cost\":0.001,\"request_cost\":0.005,\"total_cost\":0.006}}}");

        assertThat(reply.text()).isEqualTo("The cat.");
        assertThat(reply.cost().amount()).isEqualByComparingTo("0.006");
    }

    @Test
    void chunks_that_have_a_message_and_no_delta_are_read() {
        assertThat(stream(
                                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"The\"}}]}",
                                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\" cat\"},\"finish_reason\":\"stop\"}]}")
                        .text())
                .isEqualTo("The cat");
    }

    /** Magistral, at Mistral's own API. */
    @Test
    void parts_of_thinking_are_reasoning() {
        ChatResponse streamed = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\","
                        + "\"text\":\"It\"}]}]}}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\","
                        + "\"text\":\"'s a greeting\"}]}]}}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}");
        ChatResponse whole = complete("{\"choices\":[{\"message\":{\"content\":[{\"type\":\"thinking\",\"thinking\":"
                + "[{\"type\":\"text\",\"text\":\"It's a greeting\"}]},{\"type\":\"text\",\"text\":\"Hello\"}]},"
                + "\"finish_reason\":\"stop\"}]}");

        for (ChatResponse reply : List.of(streamed, whole)) {
            assertThat(reply.message().reasoning()).isEqualTo("It's a greeting");
            assertThat(reply.text()).isEqualTo("Hello");
        }
    }

    /** Azure: the results of its filter come first, and some chunks name no model. */
    @Test
    void names_and_times_that_are_empty_are_none() {
        ChatResponse reply = stream(
                "{\"id\":\"\",\"choices\":[],\"created\":0,\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[]}",
                "{\"id\":\"c\",\"created\":1764000000,\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":"
                        + "{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}",
                "{\"id\":\"\",\"created\":0,\"model\":\"\",\"choices\":[{\"index\":0,\"delta\":{},"
                        + "\"content_filter_offsets\":{\"check_offset\":44}}]}");

        assertThat(reply.model()).isEqualTo("gpt-4o");
        assertThat(reply.created()).isEqualTo(Instant.ofEpochSecond(1764000000));
    }

    /** A LiteLLM proxy in front of Claude. */
    @Test
    void blocks_of_thinking_that_are_streamed_in_pieces_are_whole_in_the_message() {
        String delta = "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"%1$s\",\"thinking_blocks\":"
                + "[{\"type\":\"thinking\",\"thinking\":\"%1$s\",\"signature\":\"%2$s\"}]}}]}";
        ChatResponse reply = stream(
                delta.formatted("Step", ""),
                delta.formatted(" one", ""),
                delta.formatted("", "s1"),
                delta.formatted("Two", ""),
                delta.formatted("", "s2"),
                "{\"choices\":[{\"index\":0,\"delta\":{\"thinking_blocks\":[{\"type\":\"redacted_thinking\","
                        + "\"data\":\"d\"}],\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}");

        assertThat(reply.message().extras()).containsOnlyKeys("thinking_blocks");
        assertThat(reply.message().extras().get("thinking_blocks").text()).isEqualTo("""
                [{"type":"thinking","thinking":"Step one","signature":"s1"},\
                {"type":"thinking","thinking":"Two","signature":"s2"},{"type":"redacted_thinking","data":"d"}]""");
    }

    @Test
    void members_that_have_no_field_go_on_from_delta_to_delta() {
        ChatResponse reply = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"{\\\"a\"},"
                        + "\"n\":1.50,\"once\":{ \"a\": 1.50 },\"odd\":[1],\"nothing\":null}}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"function_call\":{\"name\":null,\"arguments\":\"\\\":1}\"},"
                        + "\"n\":2.50,\"odd\":\"x\",\"nothing\":null},\"finish_reason\":\"function_call\"}]}");

        assertThat(reply.message().extras())
                .containsOnly(
                        Map.entry("function_call", RawJson.parse("{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}")),
                        Map.entry("n", RawJson.parse("2.50")),
                        Map.entry("once", RawJson.parse("{ \"a\": 1.50 }")),
                        Map.entry("odd", RawJson.of("x")));
    }

    @Test
    void a_server_that_answers_a_stream_in_one_piece_is_read_all_the_same() {
        server.json(200, "{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}");

        assertThat(Server.events(server.chat().stream(Server.request().build())))
                .filteredOn(ChatEvent.TextDelta.class::isInstance)
                .hasSize(1);
    }

    /** vLLM writes an error in place of a chunk, without an envelope; then the stream ends. */
    @Test
    void an_error_that_stands_in_place_of_a_chunk_is_one_with_what_had_come() {
        server.chunks(
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Ye\"}}]}",
                "{\"object\":\"error\",\"message\":\"EngineCore encountered an issue.\",\"type\":\"InternalServerError\","
                        + "\"param\":null,\"code\":500}");

        assertThatExceptionOfType(ProviderUnavailableException.class)
                .isThrownBy(() ->
                        Server.events(server.chat().stream(Server.request().build())))
                .withMessageContaining("EngineCore encountered an issue")
                .satisfies(e -> assertThat(
                                e.partial(ChatResponse.class).orElseThrow().text())
                        .isEqualTo("Ye"));
    }

    /** LM Studio says 200 and means it not. */
    @Test
    void an_error_with_status_200_is_an_error() {
        assertThatExceptionOfType(PortolanException.class)
                .isThrownBy(() -> complete(
                        "{\"error\":\"Unexpected endpoint or method. (POST /chat/completions). Returning 200\"}"))
                .withMessageContaining("Unexpected endpoint or method");
        assertThatExceptionOfType(ContextTooLongException.class)
                .isThrownBy(
                        () -> complete("{\"object\":\"error\",\"message\":\"This model's maximum context length is 10"
                                + " tokens.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}"));
    }

    /** Text Generation Inference. */
    @Test
    void what_stands_beside_an_error_with_status_200_or_in_a_stream_counts() {
        String error = "{\"error\":\"Input validation error: `top_p` must be > 0.0\",\"error_type\":\"validation\"}";

        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> complete(error));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> stream("{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Ye\"}}]}", error));
    }

    @Test
    void a_byte_order_mark_before_a_reply_is_no_part_of_it() {
        assertThat(complete("\uFEFF{\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}")
                        .text())
                .isEqualTo("Yes");
    }

    /** llama.cpp, until the middle of 2025. */
    @Test
    void an_error_that_is_a_field_of_its_own_in_a_stream_is_one() {
        assertThatExceptionOfType(ContextTooLongException.class)
                .isThrownBy(
                        () -> streamOf(
                                "text/event-stream",
                                "error: {\"code\":400,\"message\":\"m\",\"type\":\"exceed_context_size_error\"}\n\ndata: [DONE]\n\n"));
    }

    @Test
    void an_error_without_any_field_in_a_stream_is_one() {
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() ->
                        streamOf("text/event-stream", "{\"error\":{\"message\":\"m\",\"code\":\"invalid_api_key\"}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data: %s\ndata: [DONE]\n\n", "data: %s\n\ndata:  [DONE]\n\n", "data:   %s\n\ndata:[DONE] \n\n"})
    void the_end_may_be_joined_to_the_last_chunk_or_stand_behind_spaces(String form) {
        String chunk = "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}";

        assertThat(streamOf("text/event-stream", form.formatted(chunk)).text()).isEqualTo("Yes");
    }

    /** ik_llama.cpp, older versions of Text Generation Inference and some gateways. */
    @Test
    void a_stream_without_done_is_whole_if_it_said_why_it_ended() {
        server.chunksOnly(
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}",
                "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}");

        ChatResponse reply = response(server.chat().stream(Server.request().build()));
        assertThat(reply.text()).isEqualTo("Yes");
        assertThat(reply.usage().totalTokens()).isEqualTo(2);
        assertThat(reply.warnings()).isEmpty();
    }

    @Test
    void a_stream_that_ended_without_saying_why_is_whole_with_a_warning() {
        ChatResponse reply = stream("{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"}}]}");

        assertThat(reply.finishReason()).isEqualTo(FinishReason.UNKNOWN);
        assertThat(reply.warnings()).extracting(Warning::subject).containsExactly("finish_reason");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain; charset=utf-8", "application/octet-stream", "nonsense"})
    void a_stream_that_does_not_say_that_it_is_one_is_read_as_one(String type) {
        String body = "\n: hello\n\ndata: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Yes\"},"
                + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

        assertThat(streamOf(type, body).text()).isEqualTo("Yes");
        assertThat(streamOf(type, "\uFEFF" + body).text()).isEqualTo("Yes");
    }

    private ChatResponse streamOf(String type, String body) {
        server.json(200, body, "Content-Type", type);
        return response(server.chat().stream(Server.request().build()));
    }

    private static ChatResponse response(ChatStream stream) {
        try (stream) {
            return stream.response();
        }
    }

    /** Moonshot tells it beside the finish reason. */
    @Test
    void the_usage_may_stand_in_the_choice() {
        ChatResponse reply = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\",\"usage\":"
                        + "{\"prompt_tokens\":19,\"completion_tokens\":13,\"total_tokens\":32,\"cached_tokens\":8}}]}");

        assertThat(reply.usage().totalTokens()).isEqualTo(32);
        assertThat(reply.usage().prompt().cachedTokens()).isEqualTo(8);
        assertThat(reply.choices().get(0).extras()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"prompt_cache_hit_tokens\":8,\"prompt_cache_miss_tokens\":2 | 8 | 0",
                "\"cache_read_input_tokens\":8,\"cache_creation_input_tokens\":2 | 8 | 2",
                "\"prompt_tokens_details\":{\"cached_tokens\":8,\"cache_creation_tokens\":2} | 8 | 2",
                "\"prompt_tokens_details\":{\"cached_tokens\":8},\"cached_tokens\":9 | 8 | 0",
                "\"prompt_tokens_details\":null,\"cached_tokens\":9 | 9 | 0"
            })
    void what_came_from_a_cache_is_read_by_the_names_it_has(String members, long cached, long written) {
        ChatResponse reply = complete("{\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1," + members + "}}");

        assertThat(reply.usage().prompt().cachedTokens()).isEqualTo(cached);
        assertThat(reply.usage().prompt().cacheWriteTokens()).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "eos_token, STOP",
        "STOP, STOP",
        "end_turn, STOP",
        "MAX_TOKENS, LENGTH",
        "model_length, LENGTH",
        "tool_use, TOOL_CALLS",
        "SAFETY, CONTENT_FILTER"
    })
    void reasons_in_a_models_own_words_are_known_and_kept(String raw, FinishReason.Unified unified) {
        ChatResponse reply =
                complete("{\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"" + raw + "\"}]}");

        assertThat(reply.finishReason()).isEqualTo(new FinishReason(unified, raw));
    }

    /** DeepSeek. */
    @Test
    void an_answer_that_was_interrupted_for_want_of_resources_has_failed() {
        assertThatExceptionOfType(ProviderUnavailableException.class)
                .isThrownBy(() -> stream("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Ye\"},"
                        + "\"finish_reason\":\"insufficient_system_resource\"}]}"))
                .satisfies(e -> assertThat(e.partial(ChatResponse.class)).isPresent());
    }

    @Test
    void a_page_in_place_of_a_reply_asks_whether_the_base_url_is_right() {
        server.json(200, "<html><body>Ollama is running</body></html>", "Content-Type", "text/html");

        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> server.chat().complete(Server.request().build()))
                .withMessageContaining("Is the base URL that of its API?");
    }

    @Test
    void a_stream_that_is_cut_is_broken_and_what_was_kept_back_is_in_the_partial_reply() {
        server.chunksOnly("{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"<think>Hm</th\"}}]}");

        assertThatExceptionOfType(BrokenStreamException.class)
                .isThrownBy(() -> Server.events(
                        server.chat(Quirk.THINK_TAGS).stream(Server.request().build())))
                .satisfies(e -> assertThat(e.partial(ChatResponse.class)
                                .orElseThrow()
                                .message()
                                .reasoning())
                        .isEqualTo("Hm</th"));
    }
}
