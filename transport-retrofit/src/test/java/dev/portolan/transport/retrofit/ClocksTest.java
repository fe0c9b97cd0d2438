package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.portolan.api.CallOptions;
import dev.portolan.api.Timeouts;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.CallTimeoutException.Clock;
import dev.portolan.api.error.PortolanException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import retrofit2.Call;
import retrofit2.http.GET;
import retrofit2.http.Streaming;
import retrofit2.http.Tag;

/** The four clocks, set for the client and for one request, whose word counts. */
@Timeout(30)
class ClocksTest {
    private static final Duration SHORT = Duration.ofMillis(120);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, Duration.ZERO);

    private @Nullable Loopback wire;

    @AfterEach
    void close() {
        if (wire != null) {
            wire.close();
        }
    }

    interface Tagged {
        @Streaming
        @GET("models")
        Call<ResponseBody> get(@Tag CallOptions options);
    }

    /** Sends a request with clocks of its own through a client with others, and reads the events of the answer. */
    private void exchange(Timeouts client, Timeouts request, MockResponse.Builder response) throws Exception {
        Loopback loopback = new Loopback(config -> config.withTimeouts(client));
        wire = loopback;
        loopback.server.enqueue(response.build());
        exchange(loopback.transport, request);
    }

    private static void exchange(HttpTransport transport, Timeouts request) {
        CallOptions options = CallOptions.DEFAULT.withTimeouts(request);
        try (Answer answer = transport.send(transport.api(Tagged.class).get(options), Loopback.MODEL, options)) {
            SseReader events = answer.events();
            try {
                while (events.next() != null) {
                    // reads on
                }
            } catch (IOException e) {
                throw answer.broken("it was cut", e, null, null);
            }
        }
    }

    private static Timeouts only(Clock clock, Timeouts others, Duration limit) {
        return switch (clock) {
            case CONNECT -> others.withConnect(limit);
            case FIRST_BYTE -> others.withFirstByte(limit);
            case IDLE -> others.withIdle(limit);
            case CALL -> others.withCall(limit);
            case SERVER -> throw new IllegalArgumentException("not ours");
        };
    }

    private static MockResponse.Builder silence(Clock clock) {
        return clock == Clock.IDLE
                ? Loopback.response(200).body("data: a\n\n".repeat(9)).onResponseBody(SocketEffect.Stall.INSTANCE)
                : Loopback.response(200).onResponseStart(SocketEffect.Stall.INSTANCE);
    }

    private static void check(PortolanException failure, Clock clock) {
        assertThat(failure).isExactlyInstanceOf(CallTimeoutException.class).hasMessageContaining(" 120 ms ");
        assertThat(((CallTimeoutException) failure).clock()).isEqualTo(clock);
        assertThat(failure.retryable()).isEqualTo(clock != Clock.CALL);
        assertThat(failure.mayBeCharged()).isEqualTo(clock != Clock.CONNECT);
    }

    static Stream<Arguments> settings() {
        return Stream.of(Clock.FIRST_BYTE, Clock.IDLE, Clock.CALL)
                .flatMap(clock -> Stream.of(
                        Arguments.of(clock, only(clock, PATIENT, SHORT), Timeouts.UNSET),
                        Arguments.of(clock, PATIENT, only(clock, Timeouts.UNSET, SHORT)),
                        Arguments.of(clock, only(clock, PATIENT, LONG), only(clock, PATIENT, SHORT))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void the_clock_that_runs_out_is_told_whoever_set_it(Clock clock, Timeouts client, Timeouts request) {
        check(Loopback.failure(() -> exchange(client, request, silence(clock))), clock);
    }

    @ParameterizedTest
    @EnumSource(names = {"FIRST_BYTE", "IDLE", "CALL"})
    void a_longer_limit_of_a_request_beats_the_clients(Clock clock) {
        Timeouts client = only(clock, PATIENT, Duration.ofMillis(60));
        for (Duration longer : List.of(LONG, Duration.ZERO)) {
            MockResponse.Builder slow = clock == Clock.IDLE
                    ? Loopback.response(200).body("data: ab\n\n").throttleBody(5, 150, TimeUnit.MILLISECONDS)
                    : Loopback.response(200).body("data: a\n\n").headersDelay(150, TimeUnit.MILLISECONDS);

            assertThatCode(() -> exchange(client, only(clock, Timeouts.UNSET, longer), slow))
                    .doesNotThrowAnyException();
            close();
        }
    }

    @Test
    void the_connect_clock_of_a_request_beats_the_clients_in_both_directions() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Assumptions.assumeTrue(fill(full, waiting), "this system takes any number of connections");
            try (HttpTransport patient = to(full, PATIENT);
                    HttpTransport hasty = to(full, PATIENT.withConnect(SHORT))) {
                check(Loopback.failure(() -> exchange(patient, Timeouts.UNSET.withConnect(SHORT))), Clock.CONNECT);
                check(Loopback.failure(() -> exchange(hasty, Timeouts.UNSET)), Clock.CONNECT);
                check(
                        Loopback.failure(() ->
                                exchange(hasty, Timeouts.UNSET.withConnect(LONG).withCall(SHORT))),
                        Clock.CALL);
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static HttpTransport to(ServerSocket server, Timeouts clocks) {
        URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
        return new HttpTransport(HttpConfig.of("OpenRouter", url, Map.of()).withTimeouts(clocks));
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
    void comments_set_the_idle_clock_back() {
        MockResponse.Builder alive = Loopback.response(200)
                .body(":\n\n".repeat(12) + "data: a\n\n")
                .throttleBody(3, 120, TimeUnit.MILLISECONDS);

        assertThatCode(() -> exchange(PATIENT, Timeouts.UNSET.withIdle(Duration.ofMillis(1200)), alive))
                .doesNotThrowAnyException();
    }

    @Test
    void a_limit_of_all_time_is_no_limit() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);

        assertThatCode(() -> exchange(
                        new Timeouts(forever, forever, forever, forever),
                        new Timeouts(forever, forever, forever, forever),
                        Loopback.response(200).body("data: a\n\n")))
                .doesNotThrowAnyException();
    }

    /** Zero would stand for no limit. */
    @Test
    void less_than_a_millisecond_is_not_forever() {
        PortolanException failure = Loopback.failure(
                () -> exchange(PATIENT, Timeouts.UNSET.withIdle(Duration.ofNanos(1)), silence(Clock.IDLE)));

        assertThat(failure).isExactlyInstanceOf(CallTimeoutException.class);
    }

    @Test
    void a_cut_is_not_taken_for_silence() {
        MockResponse.Builder cut =
                Loopback.response(200).body("data: a\n\n".repeat(9)).onResponseBody(new SocketEffect.CloseSocket());

        assertThat(Loopback.failure(() -> exchange(PATIENT, Timeouts.UNSET.withIdle(Duration.ofSeconds(20)), cut)))
                .isExactlyInstanceOf(BrokenStreamException.class);
    }
}
