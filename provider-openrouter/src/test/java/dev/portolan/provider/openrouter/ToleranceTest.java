package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.WireFields.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.provider.openrouter.chat.InProcess;
import dev.portolan.testkit.simulator.CannedResponse;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes that servers really send, or might: each is read for what it means. */
class ToleranceTest {
    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'reasoning':'think'                                              | think
                    'reasoning_content':'think'                                      | think
                    'reasoning':'think','reasoning_content':'think'                  | think
                    'reasoning_content':'think','reasoning':null                     | think
                    'reasoning':'think','reasoning_content':null                     | think
                    'reasoning':'','reasoning_content':'think'                       | think
                    'reasoning_details':[{'type':'reasoning.text','text':'think'}]   | think
                    'reasoning_details':[{'type':'reasoning.summary','summary':'think'}] | think
                    'reasoning':'think','reasoning_details':[{'type':'reasoning.text','text':'think'}] | think
                    'reasoning_details':null,'reasoning':'think'                     | think
                    'reasoning_details':'odd','reasoning':'think'                    | think
                    """)
    void reasoning_is_read_in_every_spelling_and_once(String members, String reasoning) {
        String message = "{'content':'a'," + members.strip() + "}";

        assertThat(blocking(message).message().reasoning()).isEqualTo(reasoning);
        assertThat(streamed(message).message().reasoning()).isEqualTo(reasoning);
    }

    @Test
    void a_stream_that_writes_reasoning_twice_gives_it_once() {
        ChatResponse reply = streamed(
                "{'reasoning':'think ','reasoning_content':'think '}",
                "{'reasoning_content':'hard','reasoning':'hard'}",
                "{'reasoning_details':[{'type':'reasoning.text','text':null,'signature':'s'}]}",
                "{'content':'a'}");

        assertThat(reply.message().reasoning()).isEqualTo("think hard");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'content':'Hello'",
                "'content':[{'type':'text','text':'Hel'},{'type':'text','text':'lo'}]",
                "'content':['Hel','lo']",
                "'content':[{'text':'Hello'},{'type':'new'},7,null]",
                "'content':'Hello','refusal':null,'tool_calls':null,'images':null,'audio':null,'annotations':null",
                "'content':'Hello','refusal':{},'tool_calls':{},'images':'','audio':[],'annotations':7",
                "'role':null,'content':'Hello'",
                "'role':7,'content':'Hello'",
            })
    void content_is_read_as_text_in_every_shape(String members) {
        assertThat(blocking("{" + members + "}").text()).isEqualTo("Hello");
        assertThat(streamed("{" + members + "}").text()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "[]", "{}", "true"})
    void content_that_says_nothing_is_no_content(String content) {
        ChatResponse reply = blocking("{'content':" + content + "}");

        assertThat(reply.text()).isEmpty();
        assertThat(reply.message().content()).isEmpty();
        assertThat(reply).isEqualTo(streamed("{'content':" + content + "}"));
    }

    @Test
    void an_image_among_the_parts_of_the_content_is_an_image() {
        String message = "{'content':[{'type':'text','text':'Look'},"
                + "{'type':'image_url','image_url':{'url':'https://example.com/a.png'}}]}";

        assertThat(blocking(message).text()).isEqualTo("Look");
        assertThat(blocking(message).message().images()).containsExactly(Media.url("https://example.com/a.png"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'c1','type':'function','function':{'name':'f','arguments':'{\\\"a\\\":1}'}}",
                "{'id':'c1','function':{'name':'f','arguments':{'a':1}}}",
                "{'index':0,'id':'c1','type':null,'function':{'arguments':'{\\\"a\\\":1}','name':'f'}}",
                "{'index':'0','id':'c1','type':'function','function':{'name':'f','arguments':{'a':1}}}",
                "{'index':null,'id':'c1','function':{'name':'f','arguments':{'a':1},'more':1}}",
            })
    void a_tool_call_is_read_in_every_shape(String call) {
        String message = "{'content':null,'tool_calls':[" + call + "]}";

        assertThat(blocking(message).toolCalls()).containsExactly(new ToolCall("c1", "f", "{\"a\":1}"));
        assertThat(streamed(message).toolCalls()).containsExactly(new ToolCall("c1", "f", "{\"a\":1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "'  '", "true", "[]"})
    void arguments_that_say_nothing_are_an_empty_object(String arguments) {
        String call = "{'tool_calls':[{'id':'c1','function':{'name':'f','arguments':" + arguments + "}}]}";

        assertThat(blocking(call).toolCalls()).containsExactly(new ToolCall("c1", "f", "{}"));
        assertThat(streamed(call).toolCalls()).containsExactly(new ToolCall("c1", "f", "{}"));
    }

    @Test
    void calls_without_ids_get_ids_that_tell_them_apart_and_do_not_change() {
        String calls = "{'tool_calls':[{'function':{'name':'f','arguments':'{}'}},"
                + "{'id':'','function':{'name':'f','arguments':'{\\\"a\\\":1}'}},{'id':null,'function':{'name':'g'}}]}";

        List<ToolCall> read = blocking(calls).toolCalls();

        assertThat(read).extracting(ToolCall::name).containsExactly("f", "f", "g");
        assertThat(read)
                .extracting(ToolCall::id)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isNotBlank());
        assertThat(blocking(calls).toolCalls()).isEqualTo(read);
        assertThat(streamed(calls).toolCalls()).isEqualTo(read);
    }

    @Test
    void fragments_without_indexes_go_on_with_the_last_call() {
        ChatResponse reply = streamed(
                "{'tool_calls':[{'id':'c1','function':{'name':'f'}}]}",
                "{'tool_calls':[{'function':{'arguments':'{\\\"a\\\"'}}]}",
                "{'tool_calls':[{'function':{'arguments':':1}'}}]}",
                "{'tool_calls':[{'id':'c2','function':{'name':'f','arguments':'{}'}}]}");

        assertThat(reply.toolCalls())
                .containsExactly(new ToolCall("c1", "f", "{\"a\":1}"), new ToolCall("c2", "f", "{}"));
    }

    @Test
    void tool_calls_that_end_with_stop_count_as_tool_calls() {
        ChatResponse reply = blocking("{'tool_calls':[{'id':'c1','function':{'name':'f'}}]}");

        assertThat(reply.finishReason()).isEqualTo(new FinishReason(FinishReason.Unified.TOOL_CALLS, "stop"));
    }

    @Test
    void the_role_may_come_on_every_chunk() {
        assertThat(streamed("{'role':'assistant','content':'a'}", "{'role':'assistant','content':'b'}")
                        .text())
                .isEqualTo("ab");
    }

    @Test
    void usage_may_come_before_the_answer_and_still_is_not_the_beginning() {
        List<ChatEvent> events = events(
                "{'id':'g1','model':'m','choices':[],'usage':{'prompt_tokens':1,'cost':0.5}}",
                "{'id':'g1','model':'m','choices':[{'index':0,'delta':{'content':'a'},'finish_reason':null}]}",
                "{'id':'g1','model':'m','choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}");

        assertThat(events.get(0)).isEqualTo(new ChatEvent.ResponseStarted("g1", "m", null, null));
        assertThat(events.get(1)).isInstanceOf(ChatEvent.UsageReported.class);
        assertThat(finished(events).cost().amount()).isEqualTo("0.5");
        assertThat(finished(events).text()).isEqualTo("a");
    }

    @Test
    void the_last_usage_counts() {
        List<ChatEvent> events = events(
                "{'choices':[{'delta':{'content':'a'}}],'usage':{'prompt_tokens':1,'completion_tokens':0}}",
                "{'choices':[{'delta':{'content':'b'},'finish_reason':'stop'}],'usage':null}",
                "{'choices':[],'usage':{'prompt_tokens':1,'completion_tokens':2,'cost':0.5}}");

        assertThat(finished(events).usage().completionTokens()).isEqualTo(2);
        assertThat(finished(events).cost().amount()).isEqualTo("0.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''"})
    void a_finish_reason_is_not_taken_back_by_an_empty_one(String later) {
        List<ChatEvent> events = events(
                "{'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':'length',"
                        + "'native_finish_reason':'MAX_TOKENS'}]}",
                "{'choices':[{'index':0,'delta':{'content':''},'finish_reason':" + later
                        + ",'native_finish_reason':null}],'usage':{'prompt_tokens':1}}");

        assertThat(finished(events).finishReason()).isEqualTo(new FinishReason(FinishReason.Unified.LENGTH, "length"));
        assertThat(metadata(finished(events)).nativeFinishReason()).isEqualTo("MAX_TOKENS");
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP, STOP",
        "tool_calls, tool_use, TOOL_CALLS",
        "length, max_tokens, LENGTH",
        "content_filter, SAFETY, CONTENT_FILTER",
        "brand_new, brand_new, OTHER",
    })
    void the_native_finish_reason_stands_beside_the_common_one(String raw, String nativeReason, String unified) {
        ChatResponse reply = server.complete(json("{'choices':[{'finish_reason':'" + raw + "','native_finish_reason':'"
                + nativeReason + "','message':{'content':'a'}}]}"));

        assertThat(reply.finishReason()).isEqualTo(new FinishReason(FinishReason.Unified.valueOf(unified), raw));
        assertThat(metadata(reply).nativeFinishReason()).isEqualTo(nativeReason);
    }

    @Test
    void unknown_members_are_kept_where_they_stood() {
        ChatResponse reply = server.complete(json("{'id':'g','new_top':{'a':[1.50]},'choices':[{'new_choice':'b',"
                + "'finish_reason':'stop','message':{'content':'a','new_message':7,'empty':null}}],'user_id':'u'}"));

        assertThat(reply.extras())
                .containsEntry("new_top", RawJson.parse("{\"a\":[1.50]}"))
                .containsEntry("user_id", RawJson.of("u"));
        assertThat(reply.choices().get(0).extras()).containsEntry("new_choice", RawJson.of("b"));
        assertThat(reply.message().extras()).containsOnlyKeys("new_message");
    }

    @Test
    void unknown_members_of_chunks_are_kept_too() {
        List<ChatEvent> events = events(
                "{'new_top':1,'choices':[{'delta':{'content':'a','new_message':1},'new_choice':1}]}",
                "{'new_top':2,'choices':[{'delta':{'new_message':2},'new_choice':2,'finish_reason':'stop'}]}");

        assertThat(finished(events).extras()).containsEntry("new_top", RawJson.of(2));
        assertThat(finished(events).choices().get(0).extras()).containsEntry("new_choice", RawJson.of(2));
        assertThat(finished(events).message().extras()).containsEntry("new_message", RawJson.of(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'cost':0.00012                              | 0.00012
                    'cost':'0.00012'                            | 0.00012
                    'cost':1.6e-7                               | 0.00000016
                    'cost':1.6E-7,'is_byok':false               | 0.00000016
                    'cost':0                                    | 0
                    'cost':0.0                                  | 0
                    'cost':0.1,'is_byok':true,'cost_details':{'upstream_inference_cost':0.2}    | 0.3
                    'cost':0,'is_byok':true,'cost_details':{'upstream_inference_cost':0.21976}  | 0.21976
                    'cost':0.1,'is_byok':true,'cost_details':{'upstream_inference_cost':null}   | 0.1
                    'cost':0.1,'is_byok':true,'cost_details':null                               | 0.1
                    'cost':0.1,'is_byok':true                                                   | 0.1
                    'cost':0.1,'cost_details':{'upstream_inference_cost':0.1}                   | 0.1
                    'cost':0.1,'is_byok':null,'cost_details':{'upstream_inference_cost':0.1}    | 0.1
                    'cost':0.1,'is_byok':false,'cost_details':{'upstream_inference_cost':0.2}   | 0.1
                    'cost':12345678901234567890.123456789                                       | 12345678901234567890.123456789
                    """)
    void the_cost_is_exact_and_counts_everything_once(String usage, BigDecimal cost) {
        ChatResponse reply = withUsage("{" + usage.strip() + "}");

        assertThat(reply.cost().source()).isEqualTo(Cost.Source.REPORTED);
        assertThat(reply.cost().currency()).isEqualTo("USD");
        assertThat(reply.cost().amount()).isEqualByComparingTo(cost);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt_tokens':1}",
                "{'cost':null}",
                "{'cost':'a lot'}",
                "{'cost':{}}",
                "{'cost':null,'is_byok':true,'cost_details':{'upstream_inference_cost':0.2}}",
                "null",
                "7",
            })
    void a_cost_that_is_not_told_is_unknown_and_not_nothing(String usage) {
        assertThat(withUsage(usage).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void token_counts_may_be_texts_or_have_a_point() {
        ChatResponse reply = withUsage("{'prompt_tokens':'12','completion_tokens':3.0,'total_tokens':15e0,"
                + "'prompt_tokens_details':{'cached_tokens':'4','cache_write_tokens':null},"
                + "'completion_tokens_details':null}");

        assertThat(reply.usage().promptTokens()).isEqualTo(12);
        assertThat(reply.usage().completionTokens()).isEqualTo(3);
        assertThat(reply.usage().totalTokens()).isEqualTo(15);
        assertThat(reply.usage().prompt().cachedTokens()).isEqualTo(4);
        assertThat(reply.usage().prompt().cacheWriteTokens()).isZero();
    }

    @Test
    void the_older_name_of_server_tool_use_is_read() {
        assertThat(metadata(withUsage("{'server_tool_use':{'web_search_requests':2}}"))
                        .serverToolUse())
                .isEqualTo(new OpenRouterMetadata.ServerToolUse(0, 0, 2));
    }

    @Test
    void what_is_null_or_of_an_odd_type_at_the_top_counts_as_not_told() {
        ChatResponse reply = server.complete(json("{'id':null,'model':7,'provider':[],'created':'soon',"
                + "'system_fingerprint':{},'service_tier':null,'openrouter_metadata':null,'error':null,'debug':null,"
                + "'choices':[{'index':null,'finish_reason':'stop','logprobs':null,'message':{'content':'a'}}],"
                + "'usage':null}"));

        assertThat(reply.text()).isEqualTo("a");
        assertThat(reply.id()).isNull();
        assertThat(reply.model()).isEmpty();
        assertThat(reply.provider()).isNull();
        assertThat(reply.created()).isNull();
        assertThat(metadata(reply).routing()).isNull();
    }

    @Test
    void a_choice_without_a_message_and_a_chunk_without_a_delta_are_empty() {
        assertThat(server.complete(json("{'choices':[{'finish_reason':'stop'}]}"))
                        .text())
                .isEmpty();
        assertThat(finished(events("{'choices':[{'finish_reason':'stop'}]}", "{}", "{'choices':null}"))
                        .finishReason()
                        .raw())
                .isEqualTo("stop");
    }

    @Test
    void several_choices_are_kept_apart() {
        List<ChatEvent> events = events(
                "{'choices':[{'index':1,'delta':{'content':'B'}},{'index':0,'delta':{'content':'A'}}]}",
                "{'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':'stop'}]}",
                "{'choices':[{'index':1,'delta':{'content':'b'},'finish_reason':'length'}]}");

        assertThat(finished(events).choices())
                .extracting(choice -> choice.message().text())
                .containsExactly("Aa", "Bb");
        assertThat(finished(events).choices())
                .extracting(choice -> choice.finishReason().raw())
                .containsExactly("stop", "length");
    }

    @Test
    void the_index_of_a_choice_may_stand_behind_what_it_says() {
        List<ChatEvent> events = events(
                "{'choices':[{'delta':{'content':'A'},'finish_reason':null,'index':0}]}",
                "{'choices':[{'delta':{'content':'B'},'finish_reason':null,'index':1}]}",
                "{'choices':[{'delta':{},'finish_reason':'stop','index':0},"
                        + "{'delta':{},'finish_reason':'length','index':1}]}");

        assertThat(finished(events).choices())
                .extracting(choice -> choice.message().text())
                .containsExactly("A", "B");
        assertThat(finished(events).choices())
                .extracting(choice -> choice.finishReason().raw())
                .containsExactly("stop", "length");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'images':[{'type':'image_url','image_url':{'url':'URL'}}]",
                "'images':[{'image_url':{'url':'URL','detail':'auto'},'index':0}]",
                "'images':[{'image_url':'URL'}]",
                "'images':[null,{},{'image_url':null},{'image_url':{'url':null}},{'image_url':{'url':'URL'}}]",
            })
    void an_image_is_read_in_every_shape(String images) {
        String dataUrl = "data:image/png;base64," + Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4});

        assertThat(blocking("{" + images.replace("URL", dataUrl) + "}")
                        .message()
                        .images())
                .containsExactly(Media.bytes(new byte[] {1, 2, 3, 4}, "image/png"));
        assertThat(blocking("{" + images.replace("URL", "https://example.com/a.png") + "}")
                        .message()
                        .images())
                .containsExactly(Media.url("https://example.com/a.png"));
    }

    @Test
    void base64_is_read_whatever_json_escapes_it_has() {
        byte[] bytes = {(byte) 0xfb, (byte) 0xff, (byte) 0xfe, 0};
        String base64 = Base64.getEncoder().encodeToString(bytes);
        assertThat(base64).contains("+").contains("/").contains("=");
        for (String written : List.of(
                base64,
                base64.replace("/", "\\/"),
                base64.replace("/", "\\u002f").replace("+", "\\u002B").replace("=", "\\u003d"),
                base64.substring(0, 3) + "\\n" + base64.substring(3) + "\\r\\n",
                base64.substring(0, 3) + "\\u000a" + base64.substring(3))) {
            ChatResponse reply = server.complete("{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"images\":["
                    + "{\"image_url\":{\"url\":\"data:image/png;base64," + written + "\"}}]}}]}");

            assertThat(reply.message().images()).as(written).containsExactly(Media.bytes(bytes, "image/png"));
        }
    }

    @Test
    void a_large_image_is_read_to_the_last_byte() {
        byte[] bytes = new byte[1 << 20];
        new java.util.Random(1).nextBytes(bytes);
        String message = "{'images':[{'image_url':{'url':'data:image/webp;base64,"
                + Base64.getEncoder().encodeToString(bytes) + "'}}]}";

        assertThat(blocking(message).message().images()).containsExactly(Media.bytes(bytes, "image/webp"));
        assertThat(streamed(message).message().images()).containsExactly(Media.bytes(bytes, "image/webp"));
    }

    @Test
    void a_data_url_that_is_not_base64_stays_a_url() {
        assertThat(blocking("{'images':[{'image_url':{'url':'data:image/svg+xml,<svg/>'}}]}")
                        .message()
                        .images())
                .containsExactly(Media.url("data:image/svg+xml,<svg/>"));
    }

    @Test
    void sound_without_padding_is_read_to_the_last_byte() {
        byte[] bytes = "17 bytes of sound".getBytes(StandardCharsets.US_ASCII);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        for (String[] cut : new String[][] {{base64, ""}, {base64.substring(0, 9), base64.substring(9)}}) {
            ChatResponse reply = streamed("{'audio':{'data':'" + cut[0] + "'}}", "{'audio':{'data':'" + cut[1] + "'}}");

            assertThat(reply.message().audio().data().data()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "=", "A=", "AA=", "?", "é", "AA?"})
    void half_a_group_at_the_end_of_sound_is_left_out(String rest) {
        assertThat(streamed("{'audio':{'data':'AAEC" + rest + "'}}")
                        .message()
                        .audio()
                        .data()
                        .data())
                .containsExactly(0, 1, 2);
    }

    @Test
    void sound_padded_piece_by_piece_is_read_whole() {
        ChatResponse reply = streamed("{'audio':{'data':'AA=='}}", "{'audio':{'data':'AQI='}}", "{'audio':null}");

        assertThat(reply.message().audio().data().data()).containsExactly(0, 1, 2);
    }

    @Test
    void annotations_of_an_unknown_kind_are_kept() {
        ChatResponse reply = blocking("{'annotations':[{'type':'new','x':1},7,null,"
                + "{'type':'file','file':{'hash':'h','name':'a.pdf'}},{'type':'url_citation','url_citation':{}}]}");

        assertThat(reply.message().annotations()).hasSize(5);
        assertThat(reply.message().annotations().get(0))
                .isEqualTo(new Annotation.Raw(RawJson.parse(json("{'type':'new','x':1}"))));
        assertThat(reply.message().annotations().get(3)).isInstanceOf(Annotation.ParsedFile.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n\n", "   ", "\r\n \t"})
    void white_space_that_keeps_a_blocking_call_alive_is_skipped(String space) {
        assertThat(server.complete(space + Fixtures.text("chat-simple.json") + space)
                        .text())
                .isEqualTo("Paris is the capital of France.");
    }

    @Test
    void a_bare_stream_needs_neither_spaces_nor_ids_nor_an_empty_line_at_its_end() {
        server.simulator()
                .enqueue(CannedResponse.sse("\ufeffdata:"
                        + json("{'choices':[{'delta':{'content':'a'},'finish_reason':'stop'}]}")
                        + "\r\revent: x\rid: 1\rretry: 5\rdata: [DONE]"));
        try (ChatStream stream = server.chat().stream(Loopback.request().build())) {
            assertThat(stream.response().text()).isEqualTo("a");
        }
    }

    @Test
    void two_chunks_in_one_event_are_both_read() {
        String one = json("{'choices':[{'delta':{'content':'a'}}]}");
        String two = json("{'choices':[{'delta':{'content':'b'},'finish_reason':'stop'}]}");

        try (ChatStream stream = InProcess.stream(
                ("data: " + one + "\ndata: " + two + "\n\ndata: [DONE]\n\n").getBytes(StandardCharsets.UTF_8))) {
            assertThat(stream.response().text()).isEqualTo("ab");
        }
    }

    @Test
    void what_comes_after_done_is_ignored() {
        try (ChatStream stream = InProcess.stream(
                (Fixtures.text("stream-simple.sse") + "data: garbage\n\n").getBytes(StandardCharsets.UTF_8))) {
            assertThat(stream.response().text()).isEqualTo("Grüezi 🌍!");
            assertThat(stream.next()).isNull();
        }
    }

    private ChatResponse withUsage(String usage) {
        return server.complete(
                json("{'choices':[{'finish_reason':'stop','message':{'content':'a'}}],'usage':" + usage + "}"));
    }

    private ChatResponse blocking(String message) {
        return server.complete(
                json("{'id':'g1','choices':[{'index':0,'finish_reason':'stop','message':" + message + "}]}"));
    }

    private ChatResponse streamed(String... deltas) {
        List<String> chunks = new ArrayList<>();
        for (String delta : deltas) {
            chunks.add("{'id':'g1','choices':[{'index':0,'finish_reason':null,'delta':" + delta + "}]}");
        }
        chunks.add("{'id':'g1','choices':[{'index':0,'finish_reason':'stop','delta':{}}]}");
        return finished(events(chunks.toArray(new String[0])));
    }

    private List<ChatEvent> events(String... chunks) {
        StringBuilder stream = new StringBuilder();
        for (String chunk : chunks) {
            stream.append("data: ").append(json(chunk)).append("\n\n");
        }
        server.simulator().enqueue(CannedResponse.sse(stream + "data: [DONE]\n\n"));
        return Loopback.events(server.chat().stream(Loopback.request().build()));
    }

    private static ChatResponse finished(List<ChatEvent> events) {
        return ((ChatEvent.ResponseFinished) events.get(events.size() - 1)).response();
    }

    private static OpenRouterMetadata metadata(ChatResponse reply) {
        return reply.metadata(OpenRouterMetadata.class).orElseThrow();
    }
}
