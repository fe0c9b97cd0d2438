package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.CallCancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayedStreamTest {
    private final ChatStream stream =
            ReplyBuilder.saying("one ", "two").calling("call_1", "f", "{}").costing("0.00012").stream();

    @Test
    void gives_the_events_from_start_to_end_and_then_nothing() {
        List<Class<?>> kinds = new ArrayList<>();
        for (ChatEvent event = stream.next(); event != null; event = stream.next()) {
            kinds.add(event.getClass());
        }

        assertThat(kinds)
                .containsExactly(
                        ChatEvent.ResponseStarted.class,
                        ChatEvent.TextDelta.class,
                        ChatEvent.TextDelta.class,
                        ChatEvent.ToolCallStarted.class,
                        ChatEvent.ToolCallDelta.class,
                        ChatEvent.UsageReported.class,
                        ChatEvent.ToolCallFinished.class,
                        ChatEvent.ResponseFinished.class);
        assertThat(stream.next()).isNull();
    }

    @Test
    void begins_with_the_start_even_if_the_assembler_was_never_started() {
        ChatAssembler assembler = new ChatAssembler();
        assembler.text(0, "whole answer");
        ChatStream whole = ReplayedStream.of(assembler);

        assertThat(whole.next()).isInstanceOf(ChatEvent.ResponseStarted.class);
        assertThat(whole.next()).isEqualTo(new ChatEvent.TextDelta(0, "whole answer"));
        assertThat(whole.next()).isInstanceOf(ChatEvent.ResponseFinished.class);
    }

    @Test
    void of_a_reply_that_was_kept_gives_each_part_in_one_piece_and_then_the_reply_itself() {
        ChatAssembler answer = new ChatAssembler();
        answer.id("gen-1");
        answer.model("large");
        answer.reasoning(0, "Hm. ");
        answer.reasoning(0, "Yes.");
        answer.text(0, "one ");
        answer.text(0, "two");
        answer.refusal(0, "but not three");
        answer.toolCall(0, 0, "call_1", "f", "{\"a\":1}", Map.of());
        answer.toolCall(0, 1, "call_2", "g", null, Map.of());
        Media picture = Media.url("https://example.com/a.png");
        answer.image(0, picture);
        answer.audio(0, "audio_1", "QUJD", "abc", null);
        Annotation source = new Annotation.ParsedFile("hash", null, RawJson.parse("{}"));
        answer.annotation(0, source);
        answer.text(1, "another");
        answer.finishReason(0, "tool_calls");
        answer.usage(Usage.of(3, 4), Cost.NONE);
        ChatResponse reply = answer.finish();

        ChatStream replayed = ReplayedStream.of(reply);

        assertThat(replayed)
                .containsExactly(
                        new ChatEvent.ResponseStarted("gen-1", "large", null, null),
                        new ChatEvent.ReasoningDelta(0, "Hm. Yes."),
                        new ChatEvent.TextDelta(0, "one two"),
                        new ChatEvent.RefusalDelta(0, "but not three"),
                        new ChatEvent.ToolCallStarted(0, 0, "call_1", "f"),
                        new ChatEvent.ToolCallDelta(0, 0, "{\"a\":1}"),
                        new ChatEvent.ToolCallStarted(0, 1, "call_2", "g"),
                        new ChatEvent.ToolCallDelta(0, 1, "{}"),
                        new ChatEvent.ImageReceived(0, picture),
                        new ChatEvent.AudioDelta(0, new byte[] {'A', 'B', 'C'}, "abc"),
                        new ChatEvent.AnnotationReceived(0, source),
                        new ChatEvent.TextDelta(1, "another"),
                        new ChatEvent.UsageReported(Usage.of(3, 4), Cost.NONE),
                        new ChatEvent.ToolCallFinished(0, 0, reply.toolCalls().get(0)),
                        new ChatEvent.ToolCallFinished(0, 1, reply.toolCalls().get(1)),
                        new ChatEvent.ResponseFinished(reply));
        assertThat(replayed.response()).isSameAs(reply);
        assertThat(ReplayedStream.of(reply).response()).isSameAs(reply);
    }

    @Test
    void of_an_empty_reply_begins_and_ends() {
        ChatResponse reply = new ChatAssembler().finish();

        assertThat(ReplayedStream.of(reply))
                .containsExactly(
                        new ChatEvent.ResponseStarted(null, "", null, null), new ChatEvent.ResponseFinished(reply));
    }

    @Test
    void gives_the_whole_answer_at_once() {
        stream.next();

        ChatResponse response = stream.response();

        assertThat(response.text()).isEqualTo("one two");
        assertThat(stream.response()).isSameAs(response);
    }

    @Test
    void has_nothing_left_to_read_once_the_answer_was_taken() {
        stream.response();

        assertThat(stream.next()).isNull();
    }

    @Test
    void gives_with_its_last_event_the_answer_of_response() {
        ChatEvent last = null;
        for (ChatEvent event : stream) {
            last = event;
        }
        assertThat(last).isEqualTo(new ChatEvent.ResponseFinished(stream.response()));
    }

    @Test
    void that_was_closed_before_its_end_is_cancelled_for_ever_in_the_same_words() {
        stream.next();
        stream.close();
        stream.close();

        CallCancelledException error = catchThrowableOfType(CallCancelledException.class, stream::next);

        assertThat(error.retryable()).isFalse();
        assertThatThrownBy(stream::next).isSameAs(error);
        assertThatThrownBy(stream::response).isSameAs(error);
    }

    @Test
    void that_was_closed_before_its_end_tells_what_had_arrived_and_cost() {
        stream.next();
        stream.close();

        CallCancelledException error = catchThrowableOfType(CallCancelledException.class, stream::next);

        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("one two");
        assertThat(error.cost()).hasToString("$0.00012");
    }

    @Test
    void that_was_closed_before_its_end_has_no_whole_answer() {
        stream.next();
        stream.close();

        assertThatExceptionOfType(CallCancelledException.class).isThrownBy(stream::response);
    }

    @Test
    void that_was_closed_after_its_end_has_just_ended() {
        stream.forEach(event -> {});
        stream.close();

        assertThat(stream.next()).isNull();
        assertThat(stream.response().text()).isEqualTo("one two");
    }

    @Test
    void that_was_closed_after_its_answer_was_taken_still_has_it() {
        ChatResponse response = stream.response();
        stream.cancel();

        assertThat(stream.response()).isSameAs(response);
        assertThat(stream.next()).isNull();
    }
}
