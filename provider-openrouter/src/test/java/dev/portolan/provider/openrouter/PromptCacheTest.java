package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.WireFields.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.testkit.simulator.CannedResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Prompt-cache breakpoints: where they go, and for which models (the rules of LiteLLM, and OpenRouter reference:
 * routing §7).
 */
class PromptCacheTest {
    private static final CacheControl HOUR = CacheControl.ephemeral(CacheControl.Ttl.ONE_HOUR);

    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anthropic/claude-sonnet-4.5",
                "google/gemini-2.5-flash",
                "minimax/minimax-m2",
                "acme/GLM-4.6",
                "z-ai/new-model",
                "~anthropic/claude-sonnet-latest"
            })
    void a_breakpoint_after_a_message_moves_to_its_last_block(String model) {
        ChatRequest request = ChatRequest.builder("openrouter/" + model)
                .message(Message.system("Be brief.").withCacheControl(CacheControl.EPHEMERAL))
                .message(Message.user(ContentPart.text("one"), ContentPart.image("https://example.com/a.png"))
                        .withCacheControl(HOUR))
                .build();

        assertThat(messages(request))
                .isEqualTo(Json.value(json("[{'role':'system','content':[{'type':'text','text':'Be brief.',"
                        + "'cache_control':{'type':'ephemeral'}}]},"
                        + "{'role':'user','content':[{'type':'text','text':'one'},"
                        + "{'type':'image_url','image_url':{'url':'https://example.com/a.png'},"
                        + "'cache_control':{'type':'ephemeral','ttl':'1h'}}]}]")));
        assertThat(warnings(request)).isEmpty();
    }

    @Test
    void breakpoints_of_parts_and_tools_stay_where_they_are() {
        ChatRequest request = claude().user(ContentPart.text("long", CacheControl.EPHEMERAL), ContentPart.text("short"))
                .tool(Tool.function("now", "The time", RawJson.parse("{}")).withCacheControl(HOUR))
                .build();

        assertThat(Json.at(Json.value(sent(request)), "messages.0.content"))
                .isEqualTo(Json.value(json("[{'type':'text','text':'long','cache_control':{'type':'ephemeral'}},"
                        + "{'type':'text','text':'short'}]")));
        assertThat(Json.at(Json.value(sent(request)), "tools.0.cache_control"))
                .isEqualTo(Json.value(json("{'type':'ephemeral','ttl':'1h'}")));
    }

    @Test
    void the_breakpoint_of_the_last_part_wins_over_that_of_its_message() {
        ChatRequest request = claude().message(
                        Message.user(ContentPart.text("long", HOUR)).withCacheControl(CacheControl.EPHEMERAL))
                .build();

        assertThat(Json.at(Json.value(sent(request)), "messages.0.content.0.cache_control"))
                .isEqualTo(Json.value(json("{'type':'ephemeral','ttl':'1h'}")));
    }

    @Test
    void a_raw_part_takes_the_breakpoint_of_its_message() {
        ChatRequest request = claude().message(
                        Message.user(new ContentPart.Raw(RawJson.parse(json("{'type':'new','x':[1]}"))))
                                .withCacheControl(CacheControl.EPHEMERAL))
                .build();

        assertThat(Json.at(Json.value(sent(request)), "messages.0.content"))
                .isEqualTo(Json.value(json("[{'type':'new','x':[1],'cache_control':{'type':'ephemeral'}}]")));
    }

    @Test
    void other_models_get_no_breakpoint_and_the_caller_a_warning() {
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-5.2")
                .message(Message.system("Be brief.").withCacheControl(CacheControl.EPHEMERAL))
                .user(ContentPart.text("long", HOUR), ContentPart.text("short"))
                .tool(Tool.function("now", "The time", RawJson.parse("{}")).withCacheControl(HOUR))
                .build();

        assertThat(sent(request)).doesNotContain("cache_control");
        assertThat(messages(request))
                .isEqualTo(Json.value(json("[{'role':'system','content':'Be brief.'},{'role':'user','content':"
                        + "[{'type':'text','text':'long'},{'type':'text','text':'short'}]}]")));
        assertThat(warnings(request)).singleElement().satisfies(warning -> {
            assertThat(warning.subject()).isEqualTo("cache_control");
            assertThat(warning.message()).contains("3 place");
        });
    }

    @Test
    void a_fallback_model_that_takes_breakpoints_is_enough() {
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-5.2")
                .message(Message.user("long").withCacheControl(CacheControl.EPHEMERAL))
                .options(OpenRouterOptions.builder()
                        .models("anthropic/claude-sonnet-4.5")
                        .build())
                .build();

        assertThat(sent(request)).contains("cache_control");
        assertThat(warnings(request)).isEmpty();
    }

    @Test
    void more_than_four_breakpoints_are_sent_with_a_warning() {
        ChatRequest.Builder four = claude();
        for (int i = 0; i < 4; i++) {
            four.message(Message.user("part " + i).withCacheControl(CacheControl.EPHEMERAL));
        }

        assertThat(warnings(four.build())).isEmpty();
        ChatRequest five = four.tool(
                        Tool.function("now", "The time", RawJson.parse("{}")).withCacheControl(CacheControl.EPHEMERAL))
                .build();
        assertThat(warnings(five)).singleElement().satisfies(warning -> {
            assertThat(warning.subject()).isEqualTo("cache_control");
            assertThat(warning.message()).contains("5").contains("at most 4");
        });
        assertThat(sent(five).split("cache_control", -1)).hasSize(6);
    }

    @Test
    void a_message_without_content_gets_no_empty_block() {
        AssistantMessage call = AssistantMessage.builder()
                .toolCalls(List.of(new ToolCall("c1", "now", "{}")))
                .cacheControl(CacheControl.EPHEMERAL)
                .build();
        ChatRequest request = claude().user("What time is it?")
                .message(call)
                .message(Message.tool("c1", "noon"))
                .build();

        assertThat(Json.object(Json.array(messages(request)).get(1)))
                .containsEntry("content", null)
                .doesNotContainKey("cache_control");
        assertThat(warnings(request))
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("no content"));
    }

    @Test
    void an_explicit_breakpoint_of_openai_goes_out_for_every_model() {
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-5.6")
                .user(new ContentPart.Text("long", null, true))
                .build();

        assertThat(Json.at(Json.value(sent(request)), "messages.0.content"))
                .isEqualTo(Json.value(
                        json("[{'type':'text','text':'long','prompt_cache_breakpoint':{'mode':'explicit'}}]")));
    }

    private static ChatRequest.Builder claude() {
        return ChatRequest.builder("openrouter/anthropic/claude-sonnet-4.5");
    }

    private String sent(ChatRequest request) {
        return server.sent(request).body();
    }

    private Object messages(ChatRequest request) {
        return Json.at(Json.value(sent(request)), "messages");
    }

    private List<Warning> warnings(ChatRequest request) {
        server.simulator().enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));
        List<Warning> blocking = server.chat().complete(request).warnings();
        server.simulator().enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")));
        try (var stream = server.chat().stream(request)) {
            assertThat(stream.response().warnings()).isEqualTo(blocking);
        }
        return blocking;
    }

    @Test
    void a_breakpoint_for_the_whole_request_is_not_moved() {
        Map<String, Object> body = Json.object(sent(claude().user("Hi")
                .options(OpenRouterOptions.builder().cacheControl(HOUR).build())
                .build()));

        assertThat(body).containsEntry("cache_control", Json.value(json("{'type':'ephemeral','ttl':'1h'}")));
        assertThat(Json.at(body, "messages.0.content")).isEqualTo("Hi");
    }
}
