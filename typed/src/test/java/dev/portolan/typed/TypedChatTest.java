package dev.portolan.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.error.UnusableReplyException;
import dev.portolan.api.error.UnusableReplyException.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TypedChatTest {
    record Harbour(String name, int depth) {
        Harbour {
            if (depth < 0) {
                throw new IllegalArgumentException("depth must not be negative");
            }
        }
    }

    private static final String GENOA = "{\"name\":\"Genoa\",\"depth\":12}";
    private static final String DEEP = "{\"name\":\"Genoa\",\"depth\":\"deep\"}";
    private static final ChatRequest REQUEST = ChatRequest.builder("one/a")
            .user("Which harbour?")
            .tag("team", "sea")
            .build();

    private final ScriptedChat port = new ScriptedChat();
    private final TypedChat chat = TypedChat.over(port);

    @Test
    void a_reply_becomes_a_record_with_the_whole_reply_beside_it() {
        port.says(GENOA);

        TypedResponse<Harbour> reply = chat.complete(REQUEST, Harbour.class);

        assertThat(reply.value()).isEqualTo(new Harbour("Genoa", 12));
        assertThat(reply.response().text()).isEqualTo(GENOA);
        assertThat(reply.repaired()).isEmpty();
        assertThat(reply.totalCost()).isEqualTo(dollars("0.01"));
        assertThat(port.asked(0).responseFormat())
                .isEqualTo(TypeSchema.of(Harbour.class).responseFormat());
        assertThat(port.asked(0).call().tags()).containsEntry("team", "sea");
    }

    @Test
    void a_format_that_the_request_has_is_kept() {
        port.says(GENOA);

        chat.complete(
                REQUEST.toBuilder().responseFormat(ResponseFormat.JSON_OBJECT).build(), Harbour.class);

        assertThat(port.asked(0).responseFormat()).isEqualTo(ResponseFormat.JSON_OBJECT);
    }

    @Test
    void a_reply_that_does_not_fit_is_sent_back_with_the_complaint_and_both_are_counted() {
        port.says(DEEP).says(GENOA);

        TypedResponse<Harbour> reply = chat.complete(REQUEST, Harbour.class);

        assertThat(reply.value()).isEqualTo(new Harbour("Genoa", 12));
        assertThat(reply.totalCost()).isEqualTo(dollars("0.02"));
        assertThat(reply.totalUsage().totalTokens()).isEqualTo(30);
        assertThat(reply.repaired())
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.partial().map(ChatResponse::text)).contains(DEEP));
        List<Message> sent = port.asked(1).messages();
        assertThat(sent.subList(0, 1)).isEqualTo(REQUEST.messages());
        assertThat(sent.get(1)).isInstanceOf(AssistantMessage.class).returns(DEEP, Message::text);
        assertThat(sent.get(2).text())
                .contains("$.depth: expected an integer of 32 bits, found \"deep\"")
                .contains(TypeSchema.of(Harbour.class).json().text());
        assertThat(port.asked(1).call().tags()).containsEntry("team", "sea");
    }

    @Test
    void what_a_constructor_refuses_is_told_to_the_model_in_its_words() {
        port.says("{\"name\":\"Genoa\",\"depth\":-3}").says(GENOA);

        chat.complete(REQUEST, Harbour.class);

        assertThat(port.asked(1).messages().get(2).text()).contains("depth must not be negative");
    }

    @Test
    void two_replies_that_do_not_fit_are_a_failure_that_says_where_and_counts_both() {
        port.says("Genoa!").says(DEEP);

        UnusableReplyException failure =
                catchThrowableOfType(UnusableReplyException.class, () -> chat.complete(REQUEST, Harbour.class));

        assertThat(failure)
                .hasMessage(
                        "The reply of one/a is no Harbour: $.depth: expected an integer of 32 bits, found a string. Say in"
                                + " the prompt what is wanted, or ask another model. This was attempt 2.");
        assertThat(failure.reason()).isEqualTo(Reason.MISFIT);
        assertThat(failure.misfit())
                .contains(new UnusableReplyException.Misfit("$.depth", "an integer of 32 bits", "a string"));
        assertThat(failure.partial().map(ChatResponse::text)).contains(DEEP);
        assertThat(failure.totalCost()).isEqualTo(dollars("0.02"));
        assertThat(failure.generationIds()).containsExactly("gen-1", "gen-2");
        assertThat(failure.attempts())
                .extracting(attempt -> attempt.failure().partial().orElseThrow().text())
                .containsExactly("Genoa!", DEEP);
        assertThat(port.asked()).hasSize(2);
    }

    record Chart(Map<String, Map<String, Harbour>> coasts) {}

    @Test
    void names_that_the_model_made_up_are_told_to_it_alone() {
        String secret = "{\"coasts\":{\"of Ada\":{\"her own\":{\"name\":\"x\",\"depth\":\"deep\"}}}}";
        port.says(secret).says(secret);

        UnusableReplyException failure =
                catchThrowableOfType(UnusableReplyException.class, () -> chat.complete(REQUEST, Chart.class));

        assertThat(failure.misfit().orElseThrow().path()).isEqualTo("$.coasts.*.*.depth");
        assertThat(failure.getMessage()).contains("$.coasts.*.*.depth").doesNotContain("Ada", "her own");
        assertThat(port.asked(1).messages().get(2).text()).contains("$.coasts.of Ada.her own.depth: expected");
    }

    @Test
    void a_repair_that_fails_counts_what_the_first_reply_cost() {
        port.says(DEEP).fails(new RateLimitedException("Wait.", ErrorDetails.NONE.withModel(REQUEST.model())));

        RateLimitedException failure =
                catchThrowableOfType(RateLimitedException.class, () -> chat.complete(REQUEST, Harbour.class));

        assertThat(failure.attempts()).hasSize(2);
        assertThat(failure.totalCost()).isEqualTo(dollars("0.01"));
    }

    @Test
    void without_repair_the_first_misfit_is_the_failure() {
        port.says(DEEP);

        UnusableReplyException failure = catchThrowableOfType(
                UnusableReplyException.class, () -> chat.withoutRepair().complete(REQUEST, Harbour.class));

        assertThat(failure.totalCost()).isEqualTo(dollars("0.01"));
        assertThat(port.asked()).hasSize(1);
    }

    @Test
    void a_refusal_a_cut_reply_and_tool_calls_are_told_as_such_and_not_repaired() {
        port.replies(reply -> {
            reply.refusal(0, "I will not.");
            reply.finishReason(0, "stop");
        });
        port.ends("{\"name\":\"Gen", "length");
        port.ends("", "content_filter");
        port.calls("look", "{}");

        List<Reason> reasons = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            reasons.add(catchThrowableOfType(UnusableReplyException.class, () -> chat.complete(REQUEST, Harbour.class))
                    .reason());
        }

        assertThat(reasons).containsExactly(Reason.REFUSED, Reason.CUT, Reason.REFUSED, Reason.TOOL_CALLS);
        assertThat(port.asked()).hasSize(4);
    }

    @Test
    void an_empty_reply_is_not_sent_back() {
        port.says("").says(GENOA);

        chat.complete(REQUEST, Harbour.class);

        assertThat(port.asked(1).messages()).hasSize(2);
    }

    @Test
    void lists_are_unwrapped() {
        port.says("{\"value\":[" + GENOA + "]}");

        assertThat(chat.complete(REQUEST, TypeSchema.listOf(Harbour.class)).value())
                .containsExactly(new Harbour("Genoa", 12));
    }

    @Test
    void a_stream_gives_the_text_as_it_comes_and_then_the_value() {
        port.says(GENOA);
        StringBuilder text = new StringBuilder();

        try (TypedStream<Harbour> stream = chat.stream(REQUEST, Harbour.class)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    text.append(delta.text());
                }
            }
            assertThat(stream.response().value()).isEqualTo(new Harbour("Genoa", 12));
            assertThat(stream.response()).isSameAs(stream.response());
            assertThat(stream.next()).isNull();
        }
        assertThat(text).hasToString(GENOA);
    }

    @Test
    void a_stream_is_repaired_too() {
        port.says(DEEP).says(GENOA);

        try (TypedStream<Harbour> stream = chat.stream(REQUEST, Harbour.class)) {
            assertThat(stream.response().value()).isEqualTo(new Harbour("Genoa", 12));
            assertThat(stream.response().totalCost()).isEqualTo(dollars("0.02"));
        }
    }

    @Test
    void a_stream_that_was_closed_gives_no_value() {
        port.says(GENOA);

        TypedStream<Harbour> stream = chat.stream(REQUEST, Harbour.class);
        stream.close();

        assertThat(catchThrowableOfType(CallCancelledException.class, stream::response))
                .isNotNull();
    }

    @Test
    void a_stream_that_was_closed_asks_for_no_repair() {
        port.says(DEEP).says(GENOA);

        TypedStream<Harbour> stream = chat.stream(REQUEST, Harbour.class);
        stream.forEach(event -> {});
        stream.close();

        CallCancelledException failure = catchThrowableOfType(CallCancelledException.class, stream::response);
        assertThat(failure.totalCost()).isEqualTo(dollars("0.01"));
        assertThat(port.asked()).hasSize(1);
    }

    @Test
    @Timeout(20)
    void closing_a_stream_ends_a_repair_that_does_not_begin() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        port.says(DEEP).does(request -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new CallCancelledException("Interrupted", ErrorDetails.NONE.withModel(request.model()));
        });
        TypedStream<Harbour> stream = chat.stream(REQUEST, Harbour.class);
        Thread closer = new Thread(() -> {
            try {
                asked.await();
                stream.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        closer.start();

        assertThat(catchThrowableOfType(CallCancelledException.class, stream::response))
                .hasMessageStartingWith("The stream was closed");

        closer.join();
        assertThat(Thread.interrupted()).isFalse();
    }

    private static Cost dollars(String amount) {
        return Cost.reported(new BigDecimal(amount));
    }
}
