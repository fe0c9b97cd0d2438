package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.CallOptions;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.CallTimeoutException.Clock;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.Call;

/** What a call does when the network, the server or the caller does not let it end well. */
@Timeout(60)
class HttpTransportTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration NONE = Duration.ZERO;

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private Loopback wire = new Loopback();

    @AfterEach
    void close() {
        wire.close();
        other.shutdownNow();
    }

    private void use(Loopback another) {
        wire.close();
        wire = another;
    }

    private static MockResponse.Builder silent() {
        return Loopback.response(200).onResponseStart(SocketEffect.Stall.INSTANCE);
    }

    /** Half of it, then silence. */
    private static MockResponse.Builder stalled(String body) {
        return Loopback.response(200)
                .setHeader("X-Generation-Id", "gen-1")
                .body(body)
                .onResponseBody(SocketEffect.Stall.INSTANCE);
    }

    private static Object read(Answer answer) {
        return answer.json(JsonReader::readJsonValue);
    }

    private Object sendAndRead() {
        try (Answer answer = wire.send()) {
            return read(answer);
        }
    }

    /** What reading the events of a stream fails with, as a provider tells it. */
    private static PortolanException brokenStream(Answer answer) {
        return Loopback.failure(() -> {
            SseReader events = answer.events();
            try {
                while (events.next() != null) {
                    // reads on
                }
            } catch (IOException e) {
                throw answer.broken("it was cut", e, "gen-2", null);
            }
        });
    }

    private static PortolanException failure(Future<?> attempt) {
        return Loopback.failure(() -> {
            try {
                attempt.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            }
        });
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpTransport transportTo(int port, Duration connectTimeout) {
        return new HttpTransport(HttpConfig.of("OpenRouter", URI.create("http://127.0.0.1:" + port), Map.of())
                .withTimeouts(new dev.portolan.api.Timeouts(connectTimeout, null, Loopback.FOREVER, NONE)));
    }

    private static Answer send(HttpTransport transport) {
        return transport.send(
                transport.api(Loopback.Api.class).chat(Map.of(), new JsonBody(Map.of())),
                Loopback.MODEL,
                CallOptions.DEFAULT);
    }

    @Nested
    class Answers {
        @Test
        void a_good_answer_is_read() {
            wire.server.enqueue(Loopback.response(200)
                    .setHeader("x-generation-id", "gen-1")
                    .body("{\"a\":[1]}")
                    .build());

            try (Answer answer = wire.send()) {
                assertThat(answer.isEventStream()).isFalse();
                assertThat(answer.header("X-Generation-Id")).isEqualTo("gen-1");
                assertThat(answer.header("X-Other")).isNull();
                assertThat(read(answer)).isEqualTo(Map.of("a", List.of(1.0)));
            }
        }

        @ParameterizedTest
        @CsvSource({
            "text/event-stream, true",
            "text/event-stream; charset=utf-8, true",
            "Text/Event-Stream, true",
            "application/json, false",
            "text/html, false",
            "nonsense, false",
        })
        void a_stream_is_told_by_its_content_type(String type, boolean stream) {
            wire.server.enqueue(Loopback.response(200)
                    .setHeader("Content-Type", type)
                    .body("{}")
                    .build());

            try (Answer answer = wire.send()) {
                assertThat(answer.isEventStream()).isEqualTo(stream);
            }
        }

        @Test
        void the_events_of_a_stream_are_read() throws Exception {
            wire.server.enqueue(Loopback.response(200)
                    .setHeader("Content-Type", "text/event-stream")
                    .chunkedBody(Fixtures.text("stream-comments-crlf.sse"), 7)
                    .build());

            try (Answer answer = wire.send()) {
                assertThat(Events.all(answer.events())).isEqualTo(Events.of(Fixtures.text("stream-comments-crlf.sse")));
            }
        }

        @Test
        void a_connection_is_used_again_once_its_answer_was_read() throws Exception {
            for (int i = 0; i < 3; i++) {
                wire.server.enqueue(
                        Loopback.response(200).chunkedBody("{\"a\":1}  ", 5).build());
                sendAndRead();
                wire.server.enqueue(Loopback.response(400)
                        .body(Fixtures.text("error-401.json"))
                        .build());
                Loopback.failure(wire::send);
            }

            for (int i = 0; i < 6; i++) {
                assertThat(wire.server.takeRequest().getExchangeIndex()).isEqualTo(i);
            }
        }

        /** Nagle's algorithm would hold the last packet of a long request back for 40 ms. */
        @Test
        void a_request_of_several_packets_is_sent_at_once() throws IOException {
            try (Socket socket = new InterruptibleSockets().createSocket()) {
                assertThat(socket.getTcpNoDelay()).isTrue();
            }
        }

        @Test
        void an_event_that_is_too_long_breaks_the_stream() {
            use(new Loopback(config -> config.withLimits(new HttpConfig.Limits(1000, 10_000))));
            wire.server.enqueue(Loopback.response(200)
                    .body("data: " + "x".repeat(2000) + "\n\n")
                    .build());

            try (Answer answer = wire.send()) {
                assertThat(brokenStream(answer))
                        .isExactlyInstanceOf(dev.portolan.api.error.BrokenStreamException.class)
                        .hasCauseExactlyInstanceOf(TooLongException.class);
            }
        }
    }

    @Nested
    class Connections {
        @Test
        void a_server_that_is_not_there() throws Exception {
            try (HttpTransport transport = transportTo(unusedPort(), Duration.ofSeconds(5))) {
                PortolanException failure = Loopback.failure(() -> send(transport));

                assertThat(failure)
                        .isExactlyInstanceOf(ConnectionException.class)
                        .hasMessageStartingWith("Cannot reach OpenRouter at 127.0.0.1: ")
                        .hasMessageEndingWith(". Check the base URL and the network, then try again.");
                assertThat(failure.retryable()).isTrue();
                assertThat(failure.details().model()).isEqualTo(Loopback.MODEL);
            }
        }

        @Test
        void a_server_that_does_not_take_connections() throws Exception {
            List<Socket> waiting = new ArrayList<>();
            try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Assumptions.assumeTrue(fill(full, waiting), "this system takes any number of connections");
                try (HttpTransport transport = transportTo(full.getLocalPort(), SHORT)) {
                    PortolanException failure = Loopback.failure(() -> send(transport));

                    assertThat(failure)
                            .isExactlyInstanceOf(CallTimeoutException.class)
                            .hasMessage("OpenRouter was not reached within 150 ms (model acme/large-1). Try again, or"
                                    + " allow more time.");
                    assertThat(((CallTimeoutException) failure).clock()).isEqualTo(Clock.CONNECT);
                    assertThat(failure.retryable()).isTrue();
                }
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
        }

        private static boolean fill(ServerSocket server, List<Socket> waiting) throws IOException {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 100);
                } catch (SocketTimeoutException full) {
                    return true;
                }
            }
            return false;
        }

        @Test
        void a_connection_that_is_cut_before_the_answer() {
            wire.server.enqueue(Loopback.response(200)
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());

            assertThat(Loopback.failure(wire::send)).isExactlyInstanceOf(ConnectionException.class);
            assertThat(wire.server.getRequestCount()).isEqualTo(1);
        }

        @Test
        void an_answer_that_is_not_http() throws Exception {
            wire.server.enqueue(
                    new MockResponse.Builder().status("SSH-2.0-OpenSSH").build());

            assertThat(Loopback.failure(wire::send)).isExactlyInstanceOf(ConnectionException.class);
        }

        @Test
        void a_connection_that_is_cut_in_the_middle_of_a_body_of_known_length() {
            wire.server.enqueue(Loopback.response(200)
                    .setHeader("X-Generation-Id", "gen-1")
                    .body(Fixtures.text("chat-simple.json"))
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());

            checkCut(Loopback.failure(HttpTransportTest.this::sendAndRead));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "6\r\n[1,2,3\r\n", "6\r\n[1,2,3\r\n5", "6\r\n[1,2,3\r\n5\r\n", "9\r\n[1,2,3"})
        void a_connection_that_is_cut_in_or_between_the_chunks_of_a_body(String sent) throws Exception {
            String head = "HTTP/1.1 200 OK\r\nX-Generation-Id: gen-1\r\nTransfer-Encoding: chunked\r\n\r\n";
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    HttpTransport transport = transportTo(server.getLocalPort(), Duration.ofSeconds(5))) {
                Future<?> serving = other.submit(() -> sendAndCut(server, head + sent));

                checkCut(Loopback.failure(() -> read(send(transport))));
                serving.get(20, TimeUnit.SECONDS);
            }
        }

        /** Answers one request with exactly this; MockWebServer would end the chunks. */
        private static Void sendAndCut(ServerSocket server, String answer) throws IOException {
            try (Socket socket = server.accept()) {
                BufferedSource request = Okio.buffer(Okio.source(socket));
                while (!request.readUtf8LineStrict().isEmpty()) {
                    // reads on
                }
                request.skip("{}".length());
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                return null;
            }
        }

        @Test
        void a_compressed_body_that_ends_too_early() throws Exception {
            Buffer whole = new Buffer();
            try (BufferedSink gzip = Okio.buffer(new GzipSink(whole))) {
                gzip.writeUtf8("[1,2,3]");
            }
            Buffer cut = new Buffer();
            cut.write(whole, whole.size() - 12);
            wire.server.enqueue(Loopback.response(200)
                    .setHeader("X-Generation-Id", "gen-1")
                    .setHeader("Content-Encoding", "gzip")
                    .body(cut)
                    .build());

            checkCut(Loopback.failure(HttpTransportTest.this::sendAndRead));
        }

        private static void checkCut(PortolanException failure) {
            assertThat(failure)
                    .isExactlyInstanceOf(ConnectionException.class)
                    .hasMessageStartingWith("The connection to OpenRouter broke in the middle of the answer: ")
                    .hasMessageEndingWith("The answer may have been charged; try again if that is acceptable.");
            assertThat(failure.details().generationId()).isEqualTo("gen-1");
        }

        @Test
        void a_stream_that_is_cut() {
            wire.server.enqueue(Loopback.response(200)
                    .body(Fixtures.text("stream-simple.sse"))
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());

            try (Answer answer = wire.send()) {
                PortolanException failure = brokenStream(answer);

                assertThat(failure)
                        .isExactlyInstanceOf(dev.portolan.api.error.BrokenStreamException.class)
                        .hasMessageStartingWith("The stream of OpenRouter for acme/large-1 broke: it was cut.");
                assertThat(failure.details().generationId()).isEqualTo("gen-2");
            }
        }
    }

    @Nested
    class Malformed {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "{",
                    "{\"secret\":",
                    "{\"secret\":\"secr",
                    "[1,2,3",
                    "<html>secret</html>",
                    "{\"a\":secret}",
                    "{\"a\":1 \"secret\":2}"
                })
        void a_whole_body_that_is_not_json_is_the_servers_fault(String body) {
            wire.server.enqueue(Loopback.response(200)
                    .setHeader("X-Generation-Id", "gen-1")
                    .body(body)
                    .build());

            PortolanException failure = Loopback.failure(HttpTransportTest.this::sendAndRead);

            assertThat(failure)
                    .isExactlyInstanceOf(MalformedResponseException.class)
                    .hasMessageStartingWith("OpenRouter answered something that is not the JSON expected (")
                    .hasMessageEndingWith("). Is the base URL that of its API?");
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.details().generationId()).isEqualTo("gen-1");
        }

        @Test
        void what_was_found_instead_is_not_told_but_where() {
            wire.server.enqueue(
                    Loopback.response(200).body("{\"a\":{\"b\":\"secret\"}}").build());
            try (Answer answer = wire.send()) {
                PortolanException failure = Loopback.failure(() -> answer.json(reader -> {
                    reader.beginObject();
                    reader.nextName();
                    reader.beginObject();
                    reader.nextName();
                    return reader.nextInt();
                }));

                assertThat(failure)
                        .isExactlyInstanceOf(MalformedResponseException.class)
                        .hasMessageContaining("(at path $.a.b)");
                assertThat(failure.getMessage()).doesNotContain("secret");
            }
        }
    }

    @Nested
    class Timeouts {
        private void check(PortolanException failure, Clock clock, String what) {
            assertThat(failure)
                    .isExactlyInstanceOf(CallTimeoutException.class)
                    .hasMessage("OpenRouter " + what + " (model acme/large-1). Try again, or allow more time.");
            assertThat(((CallTimeoutException) failure).clock()).isEqualTo(clock);
            assertThat(failure.retryable()).isEqualTo(clock != Clock.CALL);
            wire.awaitRequest();
            assertThat(wire.server.getRequestCount()).isEqualTo(1);
        }

        private void sendAndBreak() {
            try (Answer answer = wire.send()) {
                throw brokenStream(answer);
            }
        }

        @Test
        void the_clock_of_the_first_byte_runs_while_waiting_for_the_answer() {
            use(Loopback.withTimeouts(SHORT, NONE));

            check(wire.refusal(silent()), Clock.FIRST_BYTE, "did not begin to answer within 150 ms");
        }

        @Test
        void the_idle_clock_runs_in_the_middle_of_a_body() {
            use(Loopback.withIdle(SHORT));
            wire.server.enqueue(stalled(Fixtures.text("chat-simple.json")).build());

            PortolanException failure = Loopback.failure(HttpTransportTest.this::sendAndRead);

            check(failure, Clock.IDLE, "sent nothing for 150 ms");
            assertThat(failure.details().generationId()).isEqualTo("gen-1");
        }

        @Test
        void the_idle_clock_runs_between_two_events() {
            use(Loopback.withIdle(SHORT));
            wire.server.enqueue(stalled(Fixtures.text("stream-simple.sse")).build());

            try (Answer answer = wire.send()) {
                check(brokenStream(answer), Clock.IDLE, "sent nothing for 150 ms");
            }
        }

        @Test
        void the_clock_of_the_whole_call_runs_while_waiting_for_the_answer() {
            use(Loopback.withTimeouts(Loopback.FOREVER, SHORT));

            check(wire.refusal(silent()), Clock.CALL, "did not finish within 150 ms");
        }

        @Test
        void the_clock_of_the_whole_call_runs_in_the_middle_of_a_body() {
            use(Loopback.withTimeouts(Loopback.FOREVER, Duration.ofMillis(400)));
            wire.server.enqueue(stalled(Fixtures.text("chat-simple.json")).build());

            check(Loopback.failure(HttpTransportTest.this::sendAndRead), Clock.CALL, "did not finish within 400 ms");
        }

        @Test
        void the_clock_of_the_whole_call_runs_while_a_stream_is_alive() {
            use(Loopback.withTimeouts(Loopback.FOREVER, Duration.ofMillis(400)));
            wire.server.enqueue(Loopback.response(200)
                    .body(": OPENROUTER PROCESSING\n\n".repeat(10_000))
                    .throttleBody(25, 20, TimeUnit.MILLISECONDS)
                    .build());

            check(Loopback.failure(this::sendAndBreak), Clock.CALL, "did not finish within 400 ms");
        }

        @Test
        void one_call_can_have_its_own_limit() {
            use(Loopback.withTimeouts(Loopback.FOREVER, Loopback.FOREVER));
            wire.server.enqueue(silent().build());

            check(
                    Loopback.failure(() -> wire.send(wire.call(), CallOptions.DEFAULT.withTimeout(SHORT))),
                    Clock.CALL,
                    "did not finish within 150 ms");
        }

        @Test
        void the_limit_of_one_call_may_be_longer_than_the_usual_one() {
            use(Loopback.withTimeouts(Loopback.FOREVER, Duration.ofMillis(200)));
            wire.server.enqueue(Loopback.response(200)
                    .body("{}")
                    .headersDelay(500, TimeUnit.MILLISECONDS)
                    .build());

            assertThatCode(() -> wire.send(wire.call(), CallOptions.DEFAULT.withTimeout(Loopback.FOREVER))
                            .close())
                    .doesNotThrowAnyException();
        }
    }

    @Nested
    class Cancelling {
        private void check(PortolanException failure) {
            assertThat(failure)
                    .isExactlyInstanceOf(CallCancelledException.class)
                    .hasMessage("The call to OpenRouter for acme/large-1 was cancelled by the caller");
            assertThat(failure.retryable()).isFalse();
        }

        @Test
        void another_thread_can_cancel_while_the_answer_is_awaited() throws Exception {
            wire.server.enqueue(silent().build());
            Call<ResponseBody> call = wire.call();
            Future<Answer> waiting = other.submit(() -> wire.send(call, CallOptions.DEFAULT));
            wire.server.takeRequest();
            call.cancel();

            check(failure(waiting));
        }

        @Test
        void another_thread_can_cancel_while_a_body_is_read() {
            wire.server.enqueue(stalled(Fixtures.text("chat-simple.json")).build());
            Answer answer = wire.send();
            Future<Object> reading = other.submit(() -> read(answer));
            answer.cancel();

            check(failure(reading));
        }

        @Test
        void another_thread_can_cancel_while_a_stream_is_read() throws Exception {
            wire.server.enqueue(stalled("data: a\n\n".repeat(2)).build());
            Answer answer = wire.send();
            SseReader events = answer.events();
            assertThat(events.next()).isNotNull();
            Future<PortolanException> reading = other.submit(() -> brokenStream(answer));
            answer.cancel();

            check(reading.get(20, TimeUnit.SECONDS));
        }

        @Test
        void a_call_cancelled_before_it_is_sent_is_not_sent() {
            Call<ResponseBody> call = wire.call();
            call.cancel();

            check(Loopback.failure(() -> wire.send(call, CallOptions.DEFAULT)));
            assertThat(wire.server.getRequestCount()).isZero();
        }

        @Test
        void a_thread_that_is_interrupted_sends_nothing() {
            PortolanException failure = interrupted(() -> wire.send());

            check(failure);
            assertThat(wire.server.getRequestCount()).isZero();
        }

        @Test
        void a_thread_that_is_interrupted_reads_no_further() {
            wire.server.enqueue(stalled(Fixtures.text("chat-simple.json")).build());
            try (Answer answer = wire.send()) {
                check(interrupted(() -> read(answer)));
            }
        }

        @Test
        void a_thread_that_waits_for_the_answer_is_freed_by_an_interrupt() throws Exception {
            wire.server.enqueue(silent().build());
            CompletableFuture<PortolanException> failure = new CompletableFuture<>();
            Thread waiting = new Thread(() -> failure.complete(interruptible(() -> wire.send())));
            waiting.start();
            wire.server.takeRequest();
            waiting.interrupt();

            check(failure.get(20, TimeUnit.SECONDS));
        }

        @Test
        void a_thread_that_waits_in_a_stream_is_freed_by_an_interrupt() throws Exception {
            wire.server.enqueue(stalled("data: a\n\n".repeat(2)).build());
            Answer answer = wire.send();
            SseReader events = answer.events();
            assertThat(events.next()).isNotNull();
            CompletableFuture<PortolanException> failure = new CompletableFuture<>();
            Thread waiting = new Thread(() -> failure.complete(brokenStream(answer)));
            waiting.start();
            waiting.interrupt();

            check(failure.get(20, TimeUnit.SECONDS));
        }

        private static PortolanException interruptible(Loopback.Attempt attempt) {
            return (PortolanException) catchThrowable(attempt::run);
        }

        /** What an attempt of an interrupted thread fails with; checks that it stays interrupted. */
        private static PortolanException interrupted(Loopback.Attempt attempt) {
            boolean stillInterrupted;
            Throwable failure;
            try {
                Thread.currentThread().interrupt();
                failure = catchThrowable(attempt::run);
            } finally {
                stillInterrupted = Thread.interrupted();
            }
            assertThat(failure).isInstanceOf(PortolanException.class);
            assertThat(stillInterrupted).isTrue();
            return (PortolanException) failure;
        }
    }

    /** Each answer may be charged: whether to ask again is not for the HTTP client to decide. */
    @Nested
    class SendingOnce {
        private static final RequestBody REPEATABLE = RequestBody.create("{}", MediaType.get("application/json"));

        private List<Callable<Call<ResponseBody>>> calls() {
            return List.of(
                    wire::call,
                    () -> wire.api.chat(wire.transport.headers(Map.of(), CallOptions.DEFAULT), REPEATABLE),
                    () -> wire.api.models(wire.transport.headers(Map.of(), CallOptions.DEFAULT)));
        }

        private void checkSentOnce(MockResponse.Builder response, Class<? extends PortolanException> type)
                throws Exception {
            for (Callable<Call<ResponseBody>> call : calls()) {
                int before = wire.server.getRequestCount();
                wire.server.enqueue(response.build());

                assertThat(Loopback.failure(() -> wire.send(call.call(), CallOptions.DEFAULT)))
                        .isExactlyInstanceOf(type);
                assertThat(wire.server.getRequestCount() - before).isEqualTo(1);
            }
        }

        @Test
        void nothing_is_sent_again_after_a_503_that_asks_for_it() throws Exception {
            checkSentOnce(Loopback.response(503).setHeader("Retry-After", "0"), ProviderUnavailableException.class);
        }

        @Test
        void nothing_is_sent_again_after_a_408() throws Exception {
            checkSentOnce(Loopback.response(408), CallTimeoutException.class);
        }

        @ParameterizedTest
        @ValueSource(ints = {401, 407, 421, 429, 500, 529})
        void nothing_is_sent_again_after_another_error(int status) throws Exception {
            checkSentOnce(
                    Loopback.response(status).setHeader("Retry-After", "0"),
                    wire.refusal(status, "").getClass());
        }

        @ParameterizedTest
        @ValueSource(ints = {300, 301, 302, 303, 307, 308})
        void a_redirect_is_not_followed_and_the_key_goes_nowhere_else(int status) throws Exception {
            try (Loopback elsewhere = new Loopback()) {
                for (String target : List.of(
                        elsewhere.server.url("/stolen").toString(),
                        wire.server.url("/here").toString(),
                        "/here")) {
                    checkSentOnce(
                            Loopback.response(status).setHeader("Location", target), InvalidRequestException.class);
                }

                assertThat(elsewhere.server.getRequestCount()).isZero();
            }
        }

        @Test
        void nothing_is_sent_again_on_a_connection_that_was_kept_and_then_cut() {
            wire.server.enqueue(Loopback.response(200).body("{}").build());
            sendAndRead();
            wire.server.enqueue(Loopback.response(200)
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());

            assertThat(Loopback.failure(wire::send)).isExactlyInstanceOf(ConnectionException.class);
            assertThat(wire.server.getRequestCount()).isEqualTo(2);
        }
    }

    @Nested
    class Closing {
        private void check(PortolanException failure) {
            assertThat(failure).isExactlyInstanceOf(CallCancelledException.class);
        }

        @Test
        void calls_after_closing_fail_and_are_not_sent() {
            wire.transport.close();

            check(Loopback.failure(wire::send));
            check(Loopback.failure(wire::send));
            assertThat(wire.server.getRequestCount()).isZero();
        }

        @Test
        void closing_twice_does_nothing() {
            wire.transport.close();

            assertThatCode(wire.transport::close).doesNotThrowAnyException();
        }

        @Test
        void closing_ends_a_call_that_waits_for_its_answer() throws Exception {
            wire.server.enqueue(silent().build());
            Future<Answer> waiting = other.submit(() -> wire.send());
            wire.server.takeRequest();
            wire.transport.close();

            check(failure(waiting));
        }

        @Test
        void closing_ends_an_answer_that_is_being_read() {
            wire.server.enqueue(stalled(Fixtures.text("chat-simple.json")).build());
            Answer answer = wire.send();
            Future<Object> reading = other.submit(() -> read(answer));
            wire.transport.close();

            check(failure(reading));
        }

        @Test
        void closing_ends_a_stream_that_is_being_read() throws Exception {
            wire.server.enqueue(stalled(Fixtures.text("stream-simple.sse")).build());
            Answer answer = wire.send();
            Future<PortolanException> reading = other.submit(() -> brokenStream(answer));
            wire.transport.close();

            check(reading.get(20, TimeUnit.SECONDS));
        }

        @Test
        void no_thread_of_the_client_keeps_a_jvm_alive() throws Exception {
            wire.server.enqueue(Loopback.response(200).body("{}").build());
            sendAndRead();
            wire.server.enqueue(stalled(Fixtures.text("stream-simple.sse")).build());
            Answer open = wire.send();

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().matches("(portolan|Ok[Hh]ttp|Okio).*"))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
            open.cancel();
            open.close();
        }

        @Test
        void a_program_that_forgets_to_close_it_ends_all_the_same() throws Exception {
            wire.server.enqueue(Loopback.response(200).body("{}").build());
            wire.server.enqueue(stalled(Fixtures.text("stream-simple.sse")).build());
            Process program = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/java",
                            "-cp",
                            System.getProperty("java.class.path"),
                            ForgetfulProgram.class.getName(),
                            wire.server.url("/").toString())
                    .inheritIO()
                    .start();
            try {
                assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(program.exitValue()).isZero();
                assertThat(wire.server.getRequestCount()).isEqualTo(2);
            } finally {
                program.destroyForcibly();
            }
        }
    }

    /** Reads one answer, leaves another open and closes nothing. */
    static final class ForgetfulProgram {
        private ForgetfulProgram() {}

        public static void main(String[] args) {
            HttpTransport transport = new HttpTransport(HttpConfig.of("OpenRouter", URI.create(args[0]), Map.of()));
            read(send(transport));
            send(transport);
        }
    }
}
