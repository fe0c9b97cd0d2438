package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.BrokenStreamException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that sends faster than its reader reads. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackPressureTest {
    /** What systems buffer for a socket on both sides, and some more. */
    private static final long SOCKET_BUFFERS = 24L << 20;

    private static final String WORD =
            "data: {\"id\":\"gen-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
    private static final String COMMENT = ": " + "-".repeat(1 << 14) + "\n\n";

    private static Portolan portolan(EndlessServer server) throws IOException {
        return Portolan.load(Settings.of(Map.of("OPENROUTER_API_KEY", "k", "OPENROUTER_API_BASE", server.baseUrl())));
    }

    private static ChatStream stream(Portolan portolan) {
        return portolan.chat().stream(
                ChatRequest.builder("openrouter/acme/large-1").user("Hi").build());
    }

    @Test
    void a_reader_that_pauses_stops_the_server_and_can_read_on() throws Exception {
        try (EndlessServer server = new EndlessServer(WORD, COMMENT + WORD);
                Portolan portolan = portolan(server);
                ChatStream stream = stream(portolan)) {
            assertThat(stream.next()).isInstanceOf(ChatEvent.ResponseStarted.class);

            server.awaitStuck();
            long whilePaused = server.sent();
            server.awaitStuck();

            assertThat(server.sent()).isLessThan(whilePaused + (1 << 20)).isLessThan(SOCKET_BUFFERS);
            int events = 4000;
            for (int i = 0; i < events; i++) {
                assertThat(stream.next()).isInstanceOf(ChatEvent.TextDelta.class);
            }
            long read = (long) (events - 2) * COMMENT.length();
            server.awaitStuck();
            assertThat(server.sent()).isBetween(read, read + SOCKET_BUFFERS);
        }
    }

    @Test
    void an_event_without_end_breaks_the_stream_with_what_came_before_it() throws Exception {
        try (EndlessServer server = new EndlessServer(WORD + "data: {\"id\":\"", "x".repeat(1 << 14));
                Portolan portolan = portolan(server);
                ChatStream stream = stream(portolan)) {
            assertThat(stream.next()).isInstanceOf(ChatEvent.ResponseStarted.class);
            assertThat(stream.next()).isEqualTo(new ChatEvent.TextDelta(0, "x"));

            BrokenStreamException failure = catchThrowableOfType(BrokenStreamException.class, stream::next);

            assertThat(failure).hasMessageContaining("64");
            assertThat(failure.partial()).get().extracting(ChatResponse::text).isEqualTo("x");
            assertThat(failure.details().generationId()).isEqualTo("gen-1");
            assertThat(server.sent()).isLessThan((64L << 20) + SOCKET_BUFFERS);
        }
    }
}
