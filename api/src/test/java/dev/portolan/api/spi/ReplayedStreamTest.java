package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.CallCancelledException;
import java.util.ArrayList;
import java.util.List;
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
