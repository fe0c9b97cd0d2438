package dev.portolan.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.CallOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Timeouts;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    @Test
    void rules_come_before_the_order_and_the_order_before_the_rest() {
        FakeChat chat = new FakeChat().always("rest").next("first").next(2, FakeReply.text("twice"));
        chat.whenUserTextContains("weather").next("Fine.");
        chat.when(request -> request.sampling().temperature() != null).always("Cool.");
        chat.whenUserTextContains("echo")
                .always(request -> FakeReply.text(request.messages().get(0).text()));

        assertThat(Stream.of("weather", "weather", "a", "b", "c", "echo this")
                        .map(text -> chat.complete(asking(text)).text()))
                .containsExactly("Fine.", "first", "twice", "twice", "rest", "echo this");
        assertThat(chat.complete(asking("d").toBuilder().temperature(0.5).build())
                        .text())
                .isEqualTo("Cool.");
        chat.verifyAllUsed();
    }

    @Test
    void one_reply_can_be_given_for_so_many_requests() {
        FakeChat chat = new FakeChat();
        chat.whenUserTextContains("weather").next(2, "Rain").next(2, "Hello");

        assertThat(List.of("weather", "Hi", "weather", "weather"))
                .map(text -> chat.complete(asking(text)).text())
                .containsExactly("Rain", "Hello", "Rain", "Hello");
        chat.verifyAllUsed();
    }

    @Test
    void a_fake_that_was_reset_is_as_if_it_were_new() {
        FakeChat chat = new FakeChat();
        chat.always(FakeReply.text("Hello").after(Duration.ofSeconds(1)));
        chat.when(request -> true).next("Ahoy", "There");
        chat.complete(asking("Hi"));
        chat.complete(asking("Hi"));
        ChatStream left = chat.stream(asking("Hi"));

        chat.reset();

        assertThat(chat.requests()).isEmpty();
        assertThat(chat.openStreams()).isZero();
        assertThat(chat.clock().elapsed()).isZero();
        chat.verifyAllUsed();
        assertThatThrownBy(left::response).isInstanceOf(CallCancelledException.class);
        assertThatThrownBy(() -> chat.complete(asking("Hi"))).hasMessageContaining("no replies at all");
        assertThat(chat.always("Hello").complete(asking("Hi")).id()).isEqualTo("fake-chat-1");
        FakeImages images = new FakeImages().always(FakeDrawing.hanging());
        images.reset();
        assertThat(images.generate(ImageRequest.builder("a/b").prompt("x").build())
                        .images())
                .hasSize(1);
    }

    @Test
    void what_is_left_of_the_script_can_be_told() {
        FakeChat chat = new FakeChat().next("one", "two");
        chat.whenUserTextContains("weather").next(FakeReply.toolCall("get_weather", Map.of("city", "Zürich")));
        chat.complete(asking("Hello"));

        assertThatThrownBy(chat::verifyAllUsed)
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        FakeChat was not asked as its script expects:
                        - never used: whenUserTextContains("weather"), a call of get_weather
                        - never used: next(…), "two"\
                        """);
    }

    @Test
    void a_request_without_a_reply_is_told_again_at_the_end() {
        FakeChat chat = new FakeChat();
        assertThatThrownBy(() -> chat.stream(asking("Hello"))).hasMessageContaining("no replies at all");

        assertThatThrownBy(chat::verifyAllUsed).hasMessageContaining("asked without a reply: request 1, to openrouter");
    }

    @Test
    void a_stream_breaks_after_the_pieces_that_it_was_told_to() {
        FakeChat chat = FakeChat.answering(
                FakeReply.pieces("The ", "sea ", "is ", "calm.").withCost("1").brokenAfter(2));
        List<String> read = new ArrayList<>();
        ChatStream stream = chat.stream(asking("How is the sea?"));

        BrokenStreamException broken =
                catchThrowableOfType(BrokenStreamException.class, () -> stream.forEachText(read::add));

        assertThat(read).containsExactly("The ", "sea ");
        assertThat(broken.partial()).map(ChatResponse::text).contains("The sea ");
        assertThat(broken.details().model()).hasToString("openrouter/openai/gpt-4o-mini");
        assertThat(broken.generationIds()).containsExactly("fake-chat-1").isEqualTo(stream.generationIds());
        assertThat(broken.cost().isKnown()).isFalse();
        assertThatThrownBy(stream::next).isSameAs(broken);
        assertThatThrownBy(stream::response).isSameAs(broken);
        assertThat(chat.openStreams()).isZero();
        assertThatThrownBy(() -> chat.complete(asking("How is the sea?")))
                .isInstanceOf(BrokenStreamException.class)
                .extracting(
                        e -> ((BrokenStreamException) e).partial().orElseThrow().text())
                .isEqualTo("The sea ");
    }

    @Test
    void a_stream_that_breaks_at_once_has_begun() {
        FakeChat chat = FakeChat.answering(FakeReply.text("Hello").brokenAfter(0));

        try (ChatStream stream = chat.stream(asking("Hello"))) {
            assertThat(stream.next()).isInstanceOf(ChatEvent.ResponseStarted.class);
            assertThatThrownBy(stream::next).isInstanceOf(BrokenStreamException.class);
        }
        assertThatThrownBy(() -> FakeReply.pieces("Hel", "lo").brokenAfter(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has 2 pieces");
    }

    @Test
    void a_failure_before_the_answer_comes_from_the_call_itself_and_anew_each_time() {
        FakeChat chat = FakeChat.answering(FakeReply.failing(
                details -> new RateLimitedException("Busy", details.withRetryAfter(Duration.ofSeconds(2)))));

        RateLimitedException whole =
                catchThrowableOfType(RateLimitedException.class, () -> chat.complete(asking("Hello")));
        RateLimitedException streamed =
                catchThrowableOfType(RateLimitedException.class, () -> chat.stream(asking("Hello")));

        assertThat(whole.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(whole.attempts()).hasSize(1);
        assertThat(whole.mayBeCharged()).isFalse();
        assertThat(streamed).isNotSameAs(whole);
        assertThat(chat.openStreams()).isZero();
    }

    @Test
    void a_failure_can_be_a_class_or_an_exception() {
        AuthenticationException wrongKey = new AuthenticationException("Wrong key", ErrorDetails.NONE);
        FakeChat chat = new FakeChat()
                .next(FakeReply.failing(ContentPolicyException::new), FakeReply.failing(wrongKey))
                .next(FakeReply.pieces("One", "two").failingAfter(1, ContentPolicyException::new));

        assertThatThrownBy(() -> chat.complete(asking("Hello"))).isInstanceOf(ContentPolicyException.class);
        assertThatThrownBy(() -> chat.complete(asking("Hello"))).isSameAs(wrongKey);
        assertThatThrownBy(() -> chat.complete(asking("Hello")))
                .isInstanceOf(ContentPolicyException.class)
                .extracting(e ->
                        ((ContentPolicyException) e).partial().orElseThrow().text())
                .isEqualTo("One");
    }

    @Test
    void delays_move_the_clock_and_nobody_waits() {
        FakeClock clock = new FakeClock();
        FakeChat chat = FakeChat.answering(FakeReply.pieces("a", "b", "c")
                        .andPause(Duration.ofMinutes(1))
                        .after(Duration.ofSeconds(10))
                        .paced(Duration.ofSeconds(2)))
                .clock(clock);

        ChatStream stream = chat.stream(asking("Hello"));
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(stream.next()).isInstanceOf(ChatEvent.ResponseStarted.class);
        assertThat(stream.next()).isEqualTo(new ChatEvent.TextDelta(0, "a"));
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(stream.next()).isEqualTo(new ChatEvent.TextDelta(0, "b"));
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(12));
        assertThat(stream.response().created()).isEqualTo("2026-01-01T00:00:10Z");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(74));
    }

    @Test
    void each_time_limit_of_a_request_holds_on_the_clock() {
        FakeReply slow =
                FakeReply.pieces("a", "b", "c").after(Duration.ofSeconds(10)).paced(Duration.ofSeconds(5));

        assertThat(timeOut(slow, Timeouts.UNSET.withFirstByte(Duration.ofSeconds(9)), true))
                .isEqualTo("FIRST_BYTE at PT9S with nothing");
        assertThat(timeOut(slow, Timeouts.UNSET.withIdle(Duration.ofSeconds(4)), true))
                .isEqualTo("IDLE at PT14S with a");
        assertThat(timeOut(slow, Timeouts.UNSET.withCall(Duration.ofSeconds(17)), true))
                .isEqualTo("CALL at PT17S with ab");
        assertThat(timeOut(slow, Timeouts.UNSET.withFirstByte(Duration.ofSeconds(17)), false))
                .isEqualTo("FIRST_BYTE at PT17S with ab");
        assertThat(timeOut(FakeReply.pieces("a").andHang(), Timeouts.UNSET.withIdle(Duration.ofSeconds(3)), true))
                .isEqualTo("IDLE at PT3S with a");
        assertThat(FakeChat.answering(slow)
                        .complete(asking("Hello").withCall(CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(20))))
                        .text())
                .isEqualTo("abc");
    }

    private static String timeOut(FakeReply reply, Timeouts timeouts, boolean streamed) {
        FakeChat chat = FakeChat.answering(reply);
        ChatRequest request = asking("Hello").withCall(CallOptions.DEFAULT.withTimeouts(timeouts));
        CallTimeoutException timeout = catchThrowableOfType(CallTimeoutException.class, () -> {
            if (streamed) {
                chat.stream(request).response();
            } else {
                chat.complete(request);
            }
        });
        assertThat(chat.openStreams()).isZero();
        return timeout.clock() + " at " + chat.clock().elapsed() + " with "
                + timeout.partial().map(ChatResponse::text).orElse("nothing");
    }

    @Test
    void a_stream_that_hangs_ends_when_another_thread_closes_it() throws Exception {
        FakeChat chat = FakeChat.answering(FakeReply.pieces("Hello").andHang());
        ChatStream stream = chat.stream(asking("Hello"));
        FutureTask<ChatResponse> reading = new FutureTask<>(stream::response);
        Thread reader = started(reading);
        assertThat(chat.openStreams()).isOne();

        stream.close();
        stream.close();

        assertThatThrownBy(reading::get).cause().isInstanceOfSatisfying(CallCancelledException.class, e -> {
            assertThat(e.generationIds()).containsExactly("fake-chat-1");
            assertThatThrownBy(stream::next).isSameAs(e);
        });
        reader.join();
        assertThat(chat.openStreams()).isZero();
    }

    @Test
    void a_call_that_hangs_ends_with_an_interrupt() throws Exception {
        FakeChat chat = FakeChat.answering(FakeReply.hanging());
        FutureTask<Boolean> calling = new FutureTask<>(() -> {
            assertThatThrownBy(() -> chat.complete(asking("Hello"))).isInstanceOf(CallCancelledException.class);
            return Thread.currentThread().isInterrupted();
        });
        Thread caller = started(calling);

        caller.interrupt();

        assertThat(calling.get()).isTrue();
    }

    private static Thread started(Runnable work) {
        Thread thread = new Thread(work, "reader");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void a_stream_that_was_closed_early_never_looks_complete() {
        FakeChat chat = FakeChat.answering("Hello, Ann.");
        ChatStream stream = chat.stream(asking("Hello"));
        stream.next();
        stream.next();

        stream.close();

        assertThatThrownBy(stream::next).isInstanceOf(CallCancelledException.class);
        assertThatThrownBy(stream::response).isInstanceOf(CallCancelledException.class);
        assertThat(stream.generationIds()).containsExactly("fake-chat-1");
    }

    @Test
    void a_stream_that_was_read_keeps_its_reply_when_it_is_closed() {
        ChatStream stream = FakeChat.answering("Hello, Ann.").stream(asking("Hello"));
        ChatResponse reply = stream.response();

        stream.close();

        assertThat(stream.response()).isSameAs(reply);
        assertThat(stream.next()).isNull();
    }

    @Test
    void replies_in_order_are_each_used_once_by_many_threads() throws Exception {
        FakeChat chat = new FakeChat();
        IntStream.range(0, 400).forEach(i -> chat.next("reply " + i));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<FutureTask<Void>> work = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            work.add(new FutureTask<>(() -> {
                for (int i = 0; i < 25; i++) {
                    seen.add(chat.complete(asking("Hello")).text());
                    try (ChatStream stream = chat.stream(asking("Hello"))) {
                        seen.add(stream.response().text());
                    }
                }
                return null;
            }));
        }
        work.forEach(FakeChatTest::started);
        for (FutureTask<Void> each : work) {
            each.get();
        }

        assertThat(seen).hasSize(400);
        assertThat(chat.requests()).hasSize(400);
        assertThat(chat.calls()).filteredOn(FakeCall::streamed).hasSize(200);
        assertThat(chat.openStreams()).isZero();
        chat.verifyAllUsed();
    }

    @Test
    void a_reply_has_all_that_it_was_given() {
        Media png = Media.bytes(new byte[] {1, 2, 3}, "image/png");
        Annotation cited = new Annotation.Raw(RawJson.parse("{\"type\": \"url_citation\"}"));
        ReasoningDetail thought = new ReasoningDetail.Summary("Hm.", ReasoningDetail.Origin.NONE);
        FakeChat chat = FakeChat.answering(FakeReply.image(png)
                .andAnnotation(cited)
                .andReasoning(thought)
                .andReasoning("Let me see.")
                .withModel("openai/gpt-4o", "OpenAI")
                .withFinishReason("length")
                .withCost(Cost.UNKNOWN)
                .withWarning("top_k", "left out"));

        ChatResponse reply = chat.complete(asking("Hello"));

        assertThat(reply.message().images()).containsExactly(png);
        assertThat(reply.message().annotations()).containsExactly(cited);
        assertThat(reply.message().reasoningDetails()).containsExactly(thought);
        assertThat(reply.message().reasoning()).isEqualTo("Let me see.");
        assertThat(reply.model()).isEqualTo("openai/gpt-4o");
        assertThat(reply.provider()).isEqualTo("OpenAI");
        assertThat(reply.finishReason().unified()).isEqualTo(FinishReason.Unified.LENGTH);
        assertThat(reply.cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(reply.warnings()).containsExactly(new Warning("top_k", "left out"));
        assertThat(FakeChat.answering(FakeReply.refusal("Not that."))
                        .complete(asking("Hello"))
                        .message()
                        .refusal())
                .isEqualTo("Not that.");
        assertThat(FakeChat.answering(FakeReply.empty())
                        .complete(asking("Hello"))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void tokens_are_counted_unless_they_are_given() {
        ChatResponse reply = FakeChat.answering("Hello, Ann.").complete(asking("Greet Ann."));

        assertThat(reply.usage().promptTokens()).isEqualTo(3);
        assertThat(reply.usage().completionTokens()).isEqualTo(4);
        assertThat(reply.cost()).isEqualTo(Cost.NONE);
    }

    private static ChatRequest asking(String text) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini").user(text).build();
    }
}
