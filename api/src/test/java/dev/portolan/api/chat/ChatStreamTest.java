package dev.portolan.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doCallRealMethod;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.ReplyBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** What every stream can do by default, on top of {@code next}, {@code response} and {@code close}. */
class ChatStreamTest {
    private static ChatStream stream() {
        return ReplyBuilder.saying("one ", "two ", "three").stream();
    }

    @Test
    void a_loop_reads_every_event_from_start_to_end() {
        List<Class<?>> kinds = new ArrayList<>();
        for (ChatEvent event : stream()) {
            kinds.add(event.getClass());
        }
        assertThat(kinds)
                .containsExactly(
                        ChatEvent.ResponseStarted.class,
                        ChatEvent.TextDelta.class,
                        ChatEvent.TextDelta.class,
                        ChatEvent.TextDelta.class,
                        ChatEvent.ResponseFinished.class);
    }

    @Test
    void asking_twice_whether_there_is_more_loses_nothing() {
        Iterator<ChatEvent> events = stream().iterator();
        events.next();

        assertThat(events.hasNext()).isTrue();
        assertThat(events.hasNext()).isTrue();
        assertThat(events.next()).isEqualTo(new ChatEvent.TextDelta(0, "one "));
    }

    @Test
    void an_iterator_can_be_read_without_asking() {
        Iterator<ChatEvent> events = stream().iterator();

        assertThat(events.next()).isInstanceOf(ChatEvent.ResponseStarted.class);
        assertThat(events.next()).isEqualTo(new ChatEvent.TextDelta(0, "one "));
        assertThat(events.next()).isEqualTo(new ChatEvent.TextDelta(0, "two "));
    }

    @Test
    void an_iterator_at_its_end_says_so_every_time() {
        Iterator<ChatEvent> events = stream().iterator();
        events.forEachRemaining(event -> {});

        assertThat(events.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(events::next)
                .withMessage("The stream has ended");
        assertThat(events.hasNext()).isFalse();
    }

    @Test
    void a_second_loop_goes_on_where_the_first_one_stopped() {
        ChatStream stream = stream();
        for (ChatEvent event : stream) {
            if (event.equals(new ChatEvent.TextDelta(0, "one "))) {
                break;
            }
        }
        assertThat(stream.iterator().next()).isEqualTo(new ChatEvent.TextDelta(0, "two "));
    }

    @Test
    void events_cannot_be_removed() {
        Iterator<ChatEvent> events = stream().iterator();
        events.next();

        assertThatThrownBy(events::remove).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void each_text_is_handed_on_and_the_whole_answer_given() {
        List<String> texts = new ArrayList<>();

        ChatResponse response = ReplyBuilder.saying("one ", "two").reasoning("hm").calling("call_1", "f", "{}").stream()
                .forEachText(texts::add);

        assertThat(texts).containsExactly("one ", "two");
        assertThat(response.text()).isEqualTo("one two");
        assertThat(response.toolCalls()).hasSize(1);
    }

    @Test
    void only_the_text_of_the_first_answer_is_handed_on() {
        List<String> texts = new ArrayList<>();

        ReplyBuilder.saying("one ").text(1, "eins").text(0, "two").stream().forEachText(texts::add);

        assertThat(texts).containsExactly("one ", "two");
    }

    @Test
    void the_exception_of_a_consumer_ends_the_reading_and_comes_through() {
        ChatStream stream = stream();
        IllegalStateException mine = new IllegalStateException("enough");

        assertThatThrownBy(() -> stream.forEachText(text -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThat(stream.next()).isEqualTo(new ChatEvent.TextDelta(0, "two "));
    }

    @Test
    void a_break_of_the_stream_comes_through_loop_and_text() {
        ChatStream broken = mock(ChatStream.class);
        BrokenStreamException failure = new BrokenStreamException("cut off", ErrorDetails.NONE);
        when(broken.next()).thenReturn(new ChatEvent.TextDelta(0, "one")).thenThrow(failure);
        when(broken.iterator()).thenCallRealMethod();
        when(broken.forEachText(any())).thenCallRealMethod();
        List<Object> seen = new ArrayList<>();

        assertThatThrownBy(() -> broken.iterator().forEachRemaining(seen::add)).isSameAs(failure);
        assertThatThrownBy(() -> broken.forEachText(seen::add)).isSameAs(failure);
        assertThat(seen).containsExactly(new ChatEvent.TextDelta(0, "one"));
    }

    @Test
    void cancelling_is_closing() {
        ChatStream stream = mock(ChatStream.class);
        doCallRealMethod().when(stream).cancel();

        stream.cancel();

        verify(stream, times(1)).close();
    }
}
