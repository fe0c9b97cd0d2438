package dev.portolan.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeChatTest {
    @Test
    void one_answer_serves_every_request() {
        FakeChat chat = FakeChat.answering("Hello, Ann.");

        assertThat(chat.complete(asking("Greet Ann.")).text()).isEqualTo("Hello, Ann.");
        assertThat(chat.complete(asking("Greet her again.")).text()).isEqualTo("Hello, Ann.");
        assertThat(chat.requests()).containsExactly(asking("Greet Ann."), asking("Greet her again."));
    }

    @Test
    void a_stream_and_a_blocking_call_give_the_same_reply() {
        FakeReply reply = FakeReply.reasoning("A city, then.")
                .andPieces("One ", "moment.")
                .andToolCall("get_weather", "{\"city\":", "\"Zürich\"}")
                .andToolCallOfId("call-7", "get_time")
                .withId("gen-1")
                .withUsage(12, 7)
                .withCost("0.0001");
        FakeChat chat = FakeChat.answering(reply);

        ChatResponse whole = chat.complete(asking("What is the weather?"));
        List<ChatEvent> events = new ArrayList<>();
        try (ChatStream stream = chat.stream(asking("What is the weather?"))) {
            stream.forEach(events::add);
            assertThat(stream.response()).isEqualTo(whole);
            assertThat(stream.next()).isNull();
        }

        assertThat(whole.toolCalls())
                .containsExactly(
                        new ToolCall("gen-1-call-1", "get_weather", "{\"city\":\"Zürich\"}"),
                        new ToolCall("call-7", "get_time", "{}"));
        assertThat(whole.finishReason()).isEqualTo(FinishReason.of("tool_calls"));
        assertThat(whole.cost()).hasToString("$0.0001");
        assertThat(events)
                .filteredOn(event -> event instanceof ChatEvent.TextDelta || event instanceof ChatEvent.ToolCallDelta)
                .containsExactly(
                        new ChatEvent.TextDelta(0, "One "),
                        new ChatEvent.TextDelta(0, "moment."),
                        new ChatEvent.ToolCallDelta(0, 0, "{\"city\":"),
                        new ChatEvent.ToolCallDelta(0, 0, "\"Zürich\"}"));
        assertThat(chat.openStreams()).isZero();
    }

    @Test
    void a_fake_without_a_reply_says_what_was_asked_and_what_is_left() {
        FakeChat chat = new FakeChat().next("one");
        chat.whenUserTextContains("weather").next("Fine.");
        chat.complete(asking("first"));

        assertThatThrownBy(() -> chat.complete(asking("second\nline")))
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        FakeChat has no reply to request 2, to openrouter/openai/gpt-4o-mini: "second line".
                        Its script has:
                        - whenUserTextContains("weather"): 1 of 1 left, for requests that fit; 0 used
                        - next(…): all 1 used
                        Add a reply with next(…), when(…), or always(…) for whatever else is asked.""");
    }

    private static ChatRequest asking(String text) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini").user(text).build();
    }
}
