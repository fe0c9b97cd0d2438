package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.ModelId;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every port does that can stream; extend {@link ChatPortContract} or {@link ImagePortContract}.
 *
 * @param <P> the port
 * @param <E> what comes
 * @param <R> the whole reply
 */
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public abstract class StreamingPortContract<P, E, R extends Reply> extends PortContract<P> {
    /** More than any stream of a contract has. */
    private static final int MANY = 100_000;

    private static final Duration SOON = Duration.ofMillis(300);

    StreamingPortContract() {}

    /** One call that streams, about this text. */
    abstract ReplyStream<E, R> open(P port, ModelId model, String text, Consumer<Extra> more);

    /** The reply, if this is the last event. */
    abstract Optional<R> finished(E event);

    /** The reply without what differs from call to call, or between the two ways on the wire. */
    abstract Object comparable(R reply);

    /** Whether it brings a part of the answer. */
    abstract boolean says(E event);

    /** What the events say, which must be what the partial reply says. */
    abstract void assertPartial(List<E> events, PortolanException error);

    @Test
    public void a_stream_that_has_ended_gives_the_reply_of_a_blocking_call() {
        R blocking = blocking("Hello");
        R again = blocking("Hello");
        assumeThat(
                comparable(blocking).equals(comparable(again)), "the model answers a question differently each time");

        try (ReplyStream<E, R> stream = open("Hello")) {
            assertThat(comparable(stream.response())).isEqualTo(comparable(blocking));
        }
    }

    @Test
    public void the_reply_can_be_had_without_reading() {
        R read;
        try (ReplyStream<E, R> stream = open("Hello")) {
            List<E> events = all(stream);
            read = stream.response();
            assertThat(finished(events.get(events.size() - 1))).contains(read);
            assertLawful(read);
        }
        try (ReplyStream<E, R> stream = open("Hello")) {
            R unread = stream.response();
            assertThat(essence(unread)).isNotNull();
            assertThat(unread.warnings()).isEqualTo(read.warnings());
            assertThat(stream.next()).as("what comes after the reply").isNull();
            assertThat(stream.response()).as("the reply, asked for again").isEqualTo(unread);
        }
    }

    @Test
    public void reading_may_stop_and_go_on() {
        try (ReplyStream<E, R> stream = open("Hello")) {
            assertThat(stream.next()).as("the first event").isNotNull();
            for (E event : stream) {
                assertThat(event).isNotNull();
                break;
            }
            assertLawful(stream.response());
        }
    }

    @Test
    public void the_last_event_carries_the_reply_and_nothing_comes_after_it() {
        try (ReplyStream<E, R> stream = open("Hello")) {
            List<E> events = all(stream);
            for (int i = 0; i < events.size(); i++) {
                assertThat(finished(events.get(i)).isPresent())
                        .as("whether event %s of %s is the last", i + 1, events.size())
                        .isEqualTo(i == events.size() - 1);
            }
            assertThat(stream.next()).isNull();
            assertThat(stream.next()).isNull();
        }
    }

    @Test
    public void closing_after_the_end_changes_nothing() {
        ReplyStream<E, R> stream = open("Hello");
        R reply = stream.response();

        stream.close();
        stream.close();

        assertThat(stream.next()).isNull();
        assertThat(stream.response()).isEqualTo(reply);
    }

    @Test
    public void a_stream_that_was_closed_early_throws_the_same_whenever_it_is_read() {
        ReplyStream<E, R> stream = open("Tell me more");
        E first = stream.next();
        assertThat(first).isNotNull();

        stream.close();
        stream.close();

        PortolanException error = failure(() -> drained(stream));
        assertThat(error).isInstanceOf(CallCancelledException.class);
        assertThat(failure(stream::next)).isSameAs(error);
        assertThat(failure(stream::response)).isSameAs(error);
    }

    @Test
    public void closing_from_another_thread_ends_the_wait_of_the_reader() {
        P port = in(Situation.SILENT_STREAM);
        ReplyStream<E, R> stream = open(port, Situation.SILENT_STREAM);
        List<E> events = begun(stream);
        Background<Object> reader = Background.of(() -> read(stream, events));
        reader.assertWaits(Situation.SILENT_STREAM);

        stream.close();

        PortolanException error = failure(reader.failure());
        assertThat(error).isInstanceOf(CallCancelledException.class);
        assertThat(events).as("what was read before the silence").isNotEmpty();
        assertPartial(events, error);
        assertThat(failure(stream::next)).isSameAs(error);
    }

    @Test
    public void interrupting_the_reader_cancels_the_stream() {
        P port = in(Situation.SILENT_STREAM);
        ReplyStream<E, R> stream = open(port, Situation.SILENT_STREAM);
        List<E> events = begun(stream);
        Background<Object> reader = Background.of(() -> read(stream, events));
        reader.assertWaits(Situation.SILENT_STREAM);

        reader.interrupt();

        PortolanException error = failure(reader.failure());
        assertThat(error).isInstanceOf(CallCancelledException.class);
        assertPartial(events, error);
        assertThat(failure(stream::next)).isSameAs(error);
        stream.close();
    }

    @Test
    public void the_time_limit_of_a_call_ends_a_stream_that_has_fallen_silent() {
        P port = in(Situation.SILENT_STREAM);
        Background<Object> reader = Background.of(() -> {
            try (ReplyStream<E, R> stream = open(
                    port,
                    modelIn(Situation.SILENT_STREAM),
                    prompt("Hello"),
                    more -> more.call(once().withTimeout(SOON)))) {
                return read(stream, new ArrayList<>());
            }
        });

        assertThat(failure(reader.failure())).isInstanceOf(CallTimeoutException.class);
    }

    @Test
    public void a_stream_that_was_cut_is_broken_and_has_what_had_arrived() {
        PortolanException error = assertEndsBadly(Situation.STREAM_CUT);

        assertThat(error).isInstanceOf(BrokenStreamException.class);
        assertThat(error.mayBeCharged()).as("whether it may be charged").isTrue();
    }

    @Test
    public void a_stream_with_an_error_inside_throws_it_with_what_had_arrived() {
        PortolanException error = assertEndsBadly(Situation.STREAM_ERROR);

        assertThat(error).isNotInstanceOf(CallCancelledException.class);
    }

    private PortolanException assertEndsBadly(Situation situation) {
        P port = in(situation);
        try (ReplyStream<E, R> stream = open(port, situation)) {
            List<E> events = new ArrayList<>();
            PortolanException error = failure(() -> read(stream, events));
            assertThat(events).as("what came before the end").isNotEmpty();
            assertThat(events).noneMatch(event -> finished(event).isPresent());
            assertPartial(events, error);
            if (error.partial(Reply.class).isPresent()) {
                assertThat(error.retryable())
                        .as("retryable, though something had arrived")
                        .isFalse();
            }
            assertThat(failure(stream::next)).isSameAs(error);
            assertThat(failure(stream::response)).isSameAs(error);
            return error;
        }
    }

    @Test
    public void a_stream_is_refused_as_a_blocking_call_is() {
        P port = in(Situation.RATE_LIMITED);

        PortolanException blocking =
                failure(() -> call(port, modelIn(Situation.RATE_LIMITED), prompt("Hello"), PortContract::once));
        PortolanException streaming = failure(() -> {
            try (ReplyStream<E, R> stream =
                    open(port, modelIn(Situation.RATE_LIMITED), prompt("Hello"), PortContract::once)) {
                return stream.response();
            }
        });

        assertThat(streaming).hasSameClassAs(blocking);
        assertThat(streaming.retryAfter()).isEqualTo(blocking.retryAfter());
    }

    @Test
    public void a_stream_that_was_read_is_told_to_the_books_once() {
        Books books = new Books(port());

        R reply;
        try (ReplyStream<E, R> stream = open(books.port(), model(), prompt("Hello"), PortContract::once)) {
            reply = stream.response();
        }

        CostEvent event = books.only();
        assertThat(event.outcome().status()).isEqualTo(Outcome.Status.COMPLETED);
        assertThat(event.usage()).isEqualTo(reply.usage());
        assertThat(event.cost()).isEqualTo(reply.totalCost());
    }

    @Test
    public void a_stream_that_was_left_is_told_to_the_books_once_as_cancelled() {
        Books books = new Books(port());
        ReplyStream<E, R> stream = open(books.port(), model(), prompt("Tell me more"), PortContract::once);
        assertThat(stream.next()).isNotNull();

        stream.close();
        stream.close();

        assertThat(books.only().outcome().status()).isEqualTo(Outcome.Status.CANCELLED);
    }

    @Test
    public void a_stream_that_was_cut_is_told_to_the_books_once_with_what_its_failure_says() {
        Books books = new Books(in(Situation.STREAM_CUT));
        PortolanException error;
        try (ReplyStream<E, R> stream = open(books.port(), Situation.STREAM_CUT)) {
            error = failure(() -> read(stream, new ArrayList<>()));
        }

        CostEvent event = books.only();
        assertThat(event.outcome().status()).isEqualTo(Outcome.Status.FAILED);
        assertThat(event.outcome().error()).isEqualTo("BrokenStreamException");
        assertThat(event.cost()).isEqualTo(error.totalCost());
    }

    @Test
    public void a_stream_that_another_thread_closed_is_told_to_the_books_once() {
        Books books = new Books(in(Situation.SILENT_STREAM));
        ReplyStream<E, R> stream = open(books.port(), Situation.SILENT_STREAM);
        List<E> events = begun(stream);
        Background<Object> reader = Background.of(() -> read(stream, events));
        reader.assertWaits(Situation.SILENT_STREAM);

        stream.close();

        assertThat(reader.failure()).isInstanceOf(CallCancelledException.class);
        assertThat(books.only().outcome().status()).isEqualTo(Outcome.Status.CANCELLED);
    }

    /** On another thread, so that a stream that does not begin is not waited for until the test is over. */
    private ReplyStream<E, R> open(P port, Situation situation) {
        Background<ReplyStream<E, R>> opening =
                Background.of(() -> open(port, modelIn(situation), prompt("Hello"), PortContract::once));
        return opening.result();
    }

    final ReplyStream<E, R> open(String text) {
        return open(port(), model(), prompt(text), PortContract::once);
    }

    @SuppressWarnings("unchecked") // the blocking call of the same port
    private R blocking(String text) {
        return (R) call(port(), model(), prompt(text), PortContract::once);
    }

    final List<E> all(ReplyStream<E, R> stream) {
        List<E> events = new ArrayList<>();
        read(stream, events);
        return events;
    }

    /** What comes until something is said: a reader that waits for that stands at the same place as one in the silence. */
    private List<E> begun(ReplyStream<E, R> stream) {
        return Background.of(() -> {
                    List<E> events = new ArrayList<>();
                    for (E event = stream.next(); event != null; event = stream.next()) {
                        events.add(event);
                        if (says(event)) {
                            break;
                        }
                    }
                    return events;
                })
                .result();
    }

    /** Reads to the end, whatever that is; what came is kept. */
    private Object read(ReplyStream<E, R> stream, List<E> events) {
        for (E event = stream.next(); event != null; event = stream.next()) {
            events.add(event);
            assertThat(events).as("the events of one stream").hasSizeLessThan(MANY);
        }
        return events.size() + " events";
    }

    private @Nullable Object drained(ReplyStream<E, R> stream) {
        return read(stream, new ArrayList<>());
    }
}
