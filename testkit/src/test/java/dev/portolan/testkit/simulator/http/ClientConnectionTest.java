package dev.portolan.testkit.simulator.http;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class ClientConnectionTest {
    /** On macOS a client's reset has closed the connection before it is accepted. */
    @Test
    void one_that_is_closed_already_does_not_keep_the_server_from_accepting() throws Exception {
        try (ClientConnection connection = new ClientConnection(() -> {})) {
            connection.close();

            assertThatCode(connection::sendPiecesAtOnce).doesNotThrowAnyException();
        }
    }
}
