package dev.portolan.testkit.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class LoopbackServerTest {
    @Test
    void a_defect_of_the_responder_ends_the_connection_instead_of_leaving_the_client_waiting() throws Exception {
        Responder broken = (request, line) -> {
            throw new IllegalStateException("a defect");
        };
        try (LoopbackServer server = new LoopbackServer(
                        "127.0.0.1", 0, Clock.systemUTC(), new Departures(), new Departures(), broken);
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
