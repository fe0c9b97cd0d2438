package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.simulator.CannedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that are left before their end, by the thread that reads them or by another. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamClosingTest {
    private static final String TEXT = "data: {\"id\":\"g1\",\"choices\":[{\"delta\":{\"content\":\"so far\"}}]}\n\n";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    final Loopback server = new Loopback();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @RepeatedTest(20)
    void closing_from_another_thread_ends_the_wait_of_the_reader() throws Exception {
        ChatStream stream = server.stream(CannedResponse.sse(TEXT).thenStall());
        CountDownLatch waiting = new CountDownLatch(1);
        Future<ChatResponse> reader = threads.submit(() -> {
            stream.next();
            stream.next();
            waiting.countDown();
            return stream.response();
        });
        waiting.await();

        stream.close();

        CallCancelledException error = cancelled(reader);
        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
        assertThat(error.details().generationId()).isEqualTo("g1");
        assertThat(error.retryable()).isFalse();
        assertThat(server.simulator().awaitCancelledStreams(1, LIMIT)).isTrue();
        assertThatThrownBy(stream::next).isSameAs(error);
        assertThatThrownBy(stream::response).isSameAs(error);
    }

    @Test
    void cancel_is_the_same_as_close() throws Exception {
        ChatStream stream =
                server.stream(CannedResponse.sse(": OPENROUTER PROCESSING\n\n").thenStall());
        Future<ChatResponse> reader = threads.submit(stream::response);

        stream.cancel();

        CallCancelledException error = cancelled(reader);
        assertThat(error.partial()).isEmpty();
        assertThat(server.simulator().awaitCancelledStreams(1, LIMIT)).isTrue();
    }

    private static CallCancelledException cancelled(Future<?> reader) throws InterruptedException {
        try {
            reader.get();
            throw new AssertionError("The stream went on");
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(CallCancelledException.class);
            return (CallCancelledException) e.getCause();
        }
    }

    @Test
    void closing_early_closes_the_connection() throws Exception {
        ChatStream stream = server.stream(CannedResponse.sse(TEXT).thenStall());
        assertThat(stream.next()).isInstanceOf(ChatEvent.ResponseStarted.class);

        stream.close();
        stream.close();

        assertThat(server.simulator().awaitCancelledStreams(1, LIMIT)).isTrue();
    }

    @Test
    void a_stream_that_nobody_reads_can_be_closed() throws Exception {
        server.stream(CannedResponse.sse(TEXT).thenStall()).close();

        assertThat(server.simulator().awaitCancelledStreams(1, LIMIT)).isTrue();
    }

    @Test
    void reading_after_closing_is_an_error_with_what_had_arrived() {
        ChatStream stream = server.stream(CannedResponse.sse(TEXT).thenStall());
        stream.next();
        stream.close();

        CallCancelledException error = catchThrowableOfType(CallCancelledException.class, stream::response);

        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
    }

    @Test
    void closing_after_the_end_changes_nothing() {
        ChatStream stream = server.streamFixture("stream-simple.sse");
        ChatResponse reply = stream.response();

        stream.close();

        assertThat(stream.response()).isSameAs(reply);
        assertThat(stream.next()).isNull();
        assertThat(server.simulator().cancelledStreams()).isZero();
    }

    @Test
    void a_thread_may_stop_reading_and_go_on_later() {
        ChatStream stream = server.streamFixture("stream-simple.sse");
        List<ChatEvent> events = new ArrayList<>();
        for (ChatEvent event : stream) {
            events.add(event);
            break;
        }
        for (ChatEvent event : stream) {
            events.add(event);
        }

        assertThat(events).isEqualTo(Loopback.events(server.streamFixture("stream-simple.sse")));
    }

    @Test
    void an_interrupted_reader_is_a_cancelled_call() throws Exception {
        ChatStream stream = server.stream(CannedResponse.sse(TEXT).thenStall());
        Future<Throwable> reader = threads.submit(() -> {
            stream.next();
            stream.next();
            Thread.currentThread().interrupt();
            return catchThrowableOfType(PortolanException.class, stream::response);
        });

        assertThat(reader.get()).isInstanceOf(CallCancelledException.class);
        stream.close();
        assertThat(server.simulator().awaitCancelledStreams(1, LIMIT)).isTrue();
    }

    @Test
    void closing_the_provider_ends_its_streams() throws Exception {
        Provider provider = server.provider(server.settings());
        server.simulator().enqueue(CannedResponse.sse(TEXT).thenStall());
        ChatStream stream =
                provider.chat().orElseThrow().stream(Loopback.request().build());
        CountDownLatch waiting = new CountDownLatch(1);
        Future<Throwable> reader = threads.submit(() -> {
            stream.next();
            stream.next();
            waiting.countDown();
            return catchThrowableOfType(PortolanException.class, stream::response);
        });
        waiting.await();

        provider.close();

        assertThat(reader.get()).isInstanceOf(PortolanException.class);
        assertThat(server.simulator().awaitCancelledStreams(1, LIMIT)).isTrue();
    }

    @Test
    void a_time_limit_holds_for_the_whole_stream() {
        server.simulator().enqueue(CannedResponse.sse(TEXT).thenStall());
        ChatStream stream = server.chat().stream(
                Loopback.request().timeout(Duration.ofSeconds(1)).build());

        CallTimeoutException error = catchThrowableOfType(CallTimeoutException.class, stream::response);

        assertThat(error.clock()).isEqualTo(CallTimeoutException.Clock.CALL);
        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
    }

    @Test
    void closing_while_events_rush_in_is_a_clean_end_or_a_cancelled_call() throws Exception {
        byte[] body = Fixtures.bytes("stream-simple.sse");
        for (int i = 0; i < 100; i++) {
            ChatStream stream = server.stream(CannedResponse.sse(body));
            Future<Throwable> reader = threads.submit(() -> catchThrowableOfType(Throwable.class, stream::response));
            stream.close();
            Throwable failure = reader.get();
            if (failure != null) {
                assertThat(failure).isInstanceOf(CallCancelledException.class);
            }
        }
    }

    @Test
    void no_connection_is_left_open_by_any_way_out() {
        List<String> leaks = new ArrayList<>();
        Logger logger = Logger.getLogger(okhttp3.OkHttpClient.class.getName());
        Handler listening = listener(leaks);
        logger.addHandler(listening);
        try {
            ChatPort chat = server.chat();
            for (int i = 0; i < 20; i++) {
                server.simulator()
                        .enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")))
                        .enqueue(CannedResponse.json(200, Fixtures.text("chat-200-top-level-error.json")))
                        .enqueue(CannedResponse.json(200, "<html>"))
                        .enqueue(CannedResponse.json(500, Fixtures.text("error-500-masked.json")));
                for (int call = 0; call < 4; call++) {
                    try {
                        chat.complete(Loopback.request().build());
                    } catch (PortolanException expected) {
                        continue;
                    }
                }
                server.simulator()
                        .enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")))
                        .enqueue(CannedResponse.sse(Fixtures.bytes("stream-mid-error.sse")))
                        .enqueue(CannedResponse.sse(Fixtures.bytes("stream-truncated-no-done.sse")))
                        .enqueue(CannedResponse.sse("data: {broken\n\n"));
                for (int call = 0; call < 4; call++) {
                    // Not closed on purpose: a stream that ended, well or badly, holds nothing.
                    ChatStream stream = chat.stream(Loopback.request().build());
                    catchThrowableOfType(PortolanException.class, stream::response);
                }
            }
            // OkHttp reports a body that was lost unclosed when it next looks through its connections.
            System.gc();
            server.simulator().enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));
            chat.complete(Loopback.request().build());
        } finally {
            logger.removeHandler(listening);
        }
        assertThat(leaks).isEmpty();
    }

    @Test
    void connections_are_used_again_after_a_stream_has_ended() {
        ChatPort chat = server.chat();
        for (int i = 0; i < 5; i++) {
            server.simulator().enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")));
            try (ChatStream stream = chat.stream(Loopback.request().build())) {
                stream.response();
            }
        }

        assertThat(server.simulator().requests()).hasSize(5);
        assertThat(server.simulator().cancelledStreams()).isZero();
    }

    private static Handler listener(List<String> messages) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                    messages.add(record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
