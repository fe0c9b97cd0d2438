package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.WireFields.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A message that came from a reply goes back on the wire as it came, which Claude and Gemini insist on. */
class SentBackTest {
    @SuppressWarnings("unused") // named below
    static final List<String> REPLIES = Fixtures.REPLIES;

    @RegisterExtension
    final Loopback server = new Loopback();

    @Test
    void reasoning_details_go_back_member_for_member_nulls_included() {
        AssistantMessage message =
                server.completeFixture("chat-reasoning-details.json").message();

        assertThat(sentBack(message).get("reasoning_details"))
                .isEqualTo(Json.at(came("chat-reasoning-details.json"), "reasoning_details"));
    }

    @Test
    void reasoning_details_of_a_kind_nobody_knows_go_back_as_they_came() {
        String details = json("[{'type':'reasoning.dream','text':'x','index':0},{'text':'untyped'},7,"
                + "{'type':'reasoning.text','text':null,'signature':'s','more':{'a':[1.0]}},"
                + "{'type':'reasoning.summary','summary':null},{'type':'reasoning.encrypted','data':7},"
                + "{'type':'reasoning.text','text':'t','index':'2','id':5}]");
        AssistantMessage message = server.complete(
                        json("{'choices':[{'finish_reason':'stop','message':{'content':'a','reasoning_details':")
                                + details
                                + "}}]}")
                .message();

        // An index that came as a text is sent back as the number it is.
        assertThat(sentBack(message).get("reasoning_details")).isEqualTo(Json.value(details.replace("\"2\"", "2")));
    }

    @Test
    void tool_calls_go_back_with_their_ids_and_arguments() {
        AssistantMessage message =
                server.completeFixture("chat-tool-calls.json").message();

        Map<String, Object> sent = sentBack(message);
        // The place of a call is said by its place, and blank arguments are sent as the empty object they stand for.
        assertThat(sent.get("tool_calls")).isEqualTo(Json.value("""
                        [{"id": "call_8Hf2kQ", "type": "function", "function": {
                            "name": "get_weather", "arguments": "{\\"city\\":\\"Zürich\\",\\"unit\\":\\"celsius\\"}"}},
                         {"id": "call_9Jd7mR", "type": "function", "function": {
                            "name": "get_time", "arguments": "{}"}}]"""));
        assertThat(sent).containsEntry("content", null);
    }

    @Test
    void what_a_tool_call_has_beside_its_function_goes_back_too() {
        AssistantMessage message = server.complete(json("{'choices':[{'finish_reason':'tool_calls','message':{"
                        + "'content':null,'tool_calls':[{'id':'c1','type':'function','function':{'name':'f',"
                        + "'arguments':'{}'},'extra_content':{'google':{'thought_signature':'abc'}}}]}}]}"))
                .message();

        assertThat(Json.at(sentBack(message), "tool_calls.0.extra_content"))
                .isEqualTo(Json.value(json("{'google':{'thought_signature':'abc'}}")));
    }

    @Test
    void annotations_go_back_as_they_came() {
        String file = json(
                "{'type':'file','file':{'hash':'h1','name':'a.pdf'," + "'content':[{'type':'text','text':'page 1'}]}}");
        AssistantMessage message = server.complete(
                        json("{'choices':[{'finish_reason':'stop','message':{'content':'a','annotations':["
                                        + "{'type':'file_annotation','file_annotation':{'file_id':'f1'}},")
                                + file + "]}}]}")
                .message();

        assertThat(Json.array(sentBack(message).get("annotations")))
                .hasSize(2)
                .last()
                .isEqualTo(Json.value(file));
    }

    @ParameterizedTest
    @FieldSource("REPLIES")
    void nothing_that_was_said_is_lost_on_the_way_back(String name) {
        AssistantMessage message = server.completeFixture(name).message();

        Map<String, Object> expected = Json.object(Json.withoutNulls(came(name)));
        Map<String, Object> sent = Json.object(Json.withoutNulls(sentBack(message)));
        if (name.equals("chat-reasoning-details.json")) {
            assertThat(sent.keySet()).isEqualTo(expected.keySet());
        }
        expected.keySet().removeAll(List.of("reasoning_details", "tool_calls", "images"));
        assertThat(sent).containsAllEntriesOf(expected);
    }

    @Test
    void images_go_back_as_data_urls() {
        AssistantMessage message = server.completeFixture("chat-images.json").message();

        Map<String, Object> came = came("chat-images.json");
        assertThat(Json.at(sentBack(message), "images.1.image_url.url"))
                .isEqualTo(Json.at(came, "images.1.image_url.url"));
        assertThat(Json.at(sentBack(message), "images.0.type")).isEqualTo("image_url");
    }

    @Test
    void a_streamed_message_goes_back_with_its_reasoning_in_one_piece() {
        ChatResponse reply;
        try (ChatStream stream = server.streamFixture("stream-reasoning.sse")) {
            reply = stream.response();
        }

        assertThat(sentBack(reply.message()))
                .containsAllEntriesOf(Json.object(json("{'role':'assistant','content':'391',"
                        + "'reasoning':'17*20 is 340','reasoning_details':[{'type':'reasoning.text',"
                        + "'text':'17*20 is 340','signature':'EtUBexamplesignature==',"
                        + "'format':'anthropic-claude-v1','index':0}]}")));
    }

    @Test
    void members_of_a_message_that_have_no_field_go_back() {
        AssistantMessage message = server.complete(json("{'choices':[{'finish_reason':'stop','message':"
                        + "{'role':'assistant','content':'a','thought_signature':'xyz','deep':{'n':1.50}}}]}"))
                .message();

        assertThat(message.extras()).containsEntry("thought_signature", RawJson.of("xyz"));
        assertThat(sentBack(message))
                .containsEntry("thought_signature", "xyz")
                .containsEntry("deep", Json.value("{\"n\":1.50}"));
    }

    private Map<String, Object> sentBack(AssistantMessage message) {
        ChatRequest request = Loopback.request()
                .message(message)
                .message(Message.user("Go on."))
                .build();
        return Json.object(Json.at(server.sentBody(request), "messages.1"));
    }

    private static Map<String, Object> came(String fixture) {
        return Json.object(Json.at(Json.value(Fixtures.text(fixture)), "choices.0.message"));
    }
}
