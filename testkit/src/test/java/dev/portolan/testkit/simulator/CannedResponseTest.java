package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CannedResponseTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void canned_answers_are_served_in_order_before_the_simulator_speaks_again() throws Exception {
        simulator
                .enqueue(CannedResponse.json(429, "{\"error\":1}").header("Retry-After", "40"))
                .enqueue(CannedResponse.of(502, "text/html", "<html>".getBytes(StandardCharsets.UTF_8)))
                .enqueue(CannedResponse.json(200, "not json"));

        Wire.Reply first = wire.chat("anything");
        assertThat(first.status()).isEqualTo(429);
        assertThat(first.header("Retry-After")).isEqualTo("40");
        assertThat(first.header("Content-Length")).isEqualTo("11");
        assertThat(first.body()).isEqualTo("{\"error\":1}");
        Wire.Reply second = wire.send(wire.request("/anywhere").GET().build());
        assertThat(second.status()).isEqualTo(502);
        assertThat(second.header("Content-Type")).isEqualTo("text/html");
        assertThat(wire.chat(ask("Hi")).body()).isEqualTo("not json");
        assertThat(wire.chat(ask("Hi")).content()).contains("“Hi”");
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    @Test
    void a_canned_stream_is_sent_byte_for_byte_in_any_pieces() throws Exception {
        String events = ": OPENROUTER PROCESSING\r\n\r\ndata: {\"x\":\"ü🌍\"}\n\ndata: [DONE]\n\n";
        byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
        int[] everyByte = java.util.stream.IntStream.range(1, bytes.length).toArray();
        simulator
                .enqueue(CannedResponse.sse(events))
                .enqueue(CannedResponse.sse(bytes).chunkedAt(3, 40))
                .enqueue(CannedResponse.sse(bytes).chunkedAt(everyByte))
                .enqueue(
                        CannedResponse.sse("").pieces(List.of("data: ".getBytes(StandardCharsets.UTF_8), new byte[0])));

        for (int i = 0; i < 3; i++) {
            Wire.Reply reply = wire.chat("{}");
            assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(reply.body()).isEqualTo(events);
        }
        assertThat(wire.chat("{}").body()).isEqualTo("data: ");
    }

    @Test
    void a_disconnect_cuts_the_answer_short() throws Exception {
        simulator.enqueue(CannedResponse.sse("data: {\"a\":1}\n\n").thenDisconnect());

        assertThat(new String(wire.exchange(ask("Hi")), StandardCharsets.UTF_8))
                .contains("data: {\"a\":1}\n\n")
                .doesNotEndWith("0\r\n\r\n");
        assertThat(simulator.cancelledStreams()).isZero();
    }

    @Test
    void a_reset_is_an_error_for_the_client() throws Exception {
        simulator.enqueue(CannedResponse.json(200, "{}").thenReset());

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> wire.chat(ask("Hi")));
        assertThat(wire.chat(ask("Hi")).status()).isEqualTo(200);
    }

    @Test
    void a_stall_lasts_until_the_client_leaves() throws Exception {
        simulator.enqueue(CannedResponse.sse("data: {\"a\":1}\n\n").thenStall());

        try (InputStream body = wire.open(ask("Hi")).body()) {
            assertThat(Wire.readUntil(body, "data: ")).hasSize(1);
            assertThat(simulator.cancelledStreams()).isZero();
        }
        assertThat(simulator.awaitCancelledStreams(1, Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void nonsense_is_refused_where_it_is_written() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CannedResponse.json(99, ""))
                .withMessageContaining("99");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CannedResponse.sse("abc").chunkedAt(2, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CannedResponse.sse("abc").chunkedAt(3));
    }
}
