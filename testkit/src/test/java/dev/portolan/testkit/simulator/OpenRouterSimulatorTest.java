package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenRouterSimulatorTest {
    @Test
    void it_records_the_requests_in_order() throws Exception {
        Instant now = Instant.ofEpochSecond(1_787_300_000);
        try (OpenRouterSimulator simulator = OpenRouterSimulator.builder()
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .start()) {
            Wire wire = new Wire(simulator);
            wire.chat(ask("Grüezi"), "X-Title", "Test");
            wire.send(wire.request("/models?limit=3").GET().build());

            List<SimulatorRequest> requests = simulator.requests();
            assertThat(requests).hasSize(2);
            SimulatorRequest first = requests.get(0);
            assertThat(first.method()).isEqualTo("POST");
            assertThat(first.path()).isEqualTo("/api/v1/chat/completions");
            assertThat(first.body()).isEqualTo(ask("Grüezi"));
            assertThat(first.header("x-title")).contains("Test");
            assertThat(first.header("absent")).isEmpty();
            assertThat(first.receivedAt()).isEqualTo(now);
            assertThat(first.toString()).doesNotContain(simulator.apiKey()).doesNotContain("Grüezi");
            assertThat(requests.get(1).path()).isEqualTo("/api/v1/models?limit=3");
        }
    }

    @Test
    void an_id_has_the_number_of_its_request_even_if_a_later_one_is_answered_first() throws Exception {
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        Clock clock = new Clock() {
            private final AtomicInteger asks = new AtomicInteger();

            @Override
            public Instant instant() {
                if (asks.incrementAndGet() == 2) { // the first request has arrived and wants to know the time
                    underWay.countDown();
                    try {
                        overtaken.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                }
                return Instant.EPOCH;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().clock(clock).start()) {
            Wire wire = new Wire(simulator);
            CompletableFuture<Wire.Reply> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return wire.chat(ask("What time is it?", "\"tools\":[{\"type\":\"openrouter:datetime\"}]"));
                } catch (IOException | InterruptedException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            assertThat(underWay.await(10, TimeUnit.SECONDS)).isTrue();
            Wire.Reply second = wire.chat(ask("Hi"));
            overtaken.countDown();

            assertThat(first.get(10, TimeUnit.SECONDS).json().string("id")).endsWith("-0000000001");
            assertThat(second.json().string("id")).endsWith("-0000000002");
        }
    }

    @Test
    void it_listens_on_the_port_asked_for_and_frees_it() throws Exception {
        int port;
        try (OpenRouterSimulator any = OpenRouterSimulator.start()) {
            port = any.port();
            assertThat(any.baseUrl()).isEqualTo("http://127.0.0.1:" + port + "/api/v1");
            assertThat(any).hasToString("OpenRouterSimulator[" + any.baseUrl() + "]");
            int taken = port;
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> OpenRouterSimulator.builder().port(taken).start())
                    .withMessageContaining(String.valueOf(taken));
        }
        try (OpenRouterSimulator again =
                OpenRouterSimulator.builder().port(port).start()) {
            assertThat(new Wire(again).chat(ask("Hi")).status()).isEqualTo(200);
        }
    }

    @Test
    void closing_cuts_the_streams_under_way_without_counting_them_as_cancelled() throws Exception {
        OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofHours(1)).start();
        InputStream body = new Wire(simulator).open(ask("Hi")).body();
        Wire.readUntil(body, "data: ");

        simulator.close();
        simulator.close();

        assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes);
        assertThat(simulator.cancelledStreams()).isZero();
    }

    @Test
    void a_request_that_is_sent_ahead_of_the_answer_before_it_is_answered_too() throws Exception {
        String body = Wire.streaming(ask("Hi"));
        String first =
                "POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body;
        String second = "GET /api/v1/nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
        try (OpenRouterSimulator simulator = OpenRouterSimulator.builder()
                        .chunkDelay(Duration.ofMillis(10))
                        .start();
                Socket socket = new Socket("127.0.0.1", simulator.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(first.getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
            socket.getOutputStream().write(second.getBytes(StandardCharsets.UTF_8));

            assertThat(Wire.readUntil(socket.getInputStream(), "HTTP/1.1 404")).contains("data: [DONE]");
        }
    }

    @Test
    void it_serves_many_streams_at_once() throws Exception {
        int clients = 300;
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Wire wire = new Wire(simulator);
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                calls.add(http.sendAsync(
                        wire.chatRequest(Wire.streaming(ask("Call " + i))), HttpResponse.BodyHandlers.ofString()));
            }

            Set<String> ids = new HashSet<>();
            for (int i = 0; i < clients; i++) {
                HttpResponse<String> response = calls.get(i).get();
                AssembledStream stream = AssembledStream.of(response.body());
                assertThat(stream.content.toString()).contains("“Call " + i + "”");
                assertThat(stream.done).isTrue();
                ids.add(response.headers().firstValue("X-Generation-Id").orElseThrow());
            }
            assertThat(ids).hasSize(clients);
            assertThat(simulator.bill().entries()).hasSize(clients);
        }
    }

    @Test
    void settings_out_of_range_are_refused() {
        OpenRouterSimulator.Builder builder = OpenRouterSimulator.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.port(70_000));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.apiKey(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.chunkDelay(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedModel.builder("nameless").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedModel.builder("a/b").prices("-1", "0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedModel.builder("a/b").prices("cheap", "0"))
                .withMessageContaining("cheap");
    }
}
