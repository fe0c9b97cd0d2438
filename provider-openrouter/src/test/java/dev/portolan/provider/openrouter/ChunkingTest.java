package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.PortolanException;
import dev.portolan.provider.openrouter.chat.InProcess;
import dev.portolan.testkit.simulator.CannedResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the network cuts a stream changes nothing: not the events, not the reply, not the error. */
@Tag("thorough")
class ChunkingTest {
    @RegisterExtension
    final Loopback server = new Loopback();

    static List<String> streams() {
        return Stream.concat(Fixtures.WHOLE_STREAMS.stream(), Fixtures.FAILING_STREAMS.stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void random_pieces_give_the_same_events(String name) {
        byte[] bytes = Fixtures.bytes(name);
        Outcome whole = Outcome.of(InProcess.stream(bytes));

        Seeds.each(
                300,
                random -> assertThat(Outcome.of(InProcess.stream(Seeds.pieces(random, bytes))))
                        .isEqualTo(whole));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void single_bytes_give_the_same_events(String name) {
        byte[] bytes = Fixtures.bytes(name);
        List<byte[]> single = new ArrayList<>();
        for (byte one : bytes) {
            single.add(new byte[] {one});
        }

        assertThat(Outcome.of(InProcess.stream(single))).isEqualTo(Outcome.of(InProcess.stream(bytes)));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void a_cut_at_any_byte_gives_the_same_events(String name) {
        byte[] bytes = Fixtures.bytes(name);
        Outcome whole = Outcome.of(InProcess.stream(bytes));

        for (int at = 1; at < bytes.length; at++) {
            List<byte[]> two = List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
            assertThat(Outcome.of(InProcess.stream(two))).as("cut at %d", at).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void over_http_random_pieces_give_the_same_events(String name) {
        byte[] bytes = Fixtures.bytes(name);
        Outcome whole = Outcome.of(InProcess.stream(bytes));

        Seeds.each(
                8,
                random -> assertThat(Outcome.of(
                                server.stream(CannedResponse.sse(bytes).pieces(Seeds.pieces(random, bytes)))))
                        .isEqualTo(whole));
    }

    /** All that a reader of a stream gets to see, but for the attempts, which only the provider as a whole knows. */
    private record Outcome(List<ChatEvent> events, String error, ChatResponse partial) {
        static Outcome of(ChatStream stream) {
            List<ChatEvent> events = new ArrayList<>();
            PortolanException error = catchThrowableOfType(PortolanException.class, () -> {
                try (stream) {
                    stream.forEach(event -> events.add(withoutAttempts(event)));
                }
            });
            return error == null
                    ? new Outcome(events, null, null)
                    : new Outcome(events, error.toString(), error.partial().orElse(null));
        }

        private static ChatEvent withoutAttempts(ChatEvent event) {
            return event instanceof ChatEvent.ResponseFinished last
                    ? new ChatEvent.ResponseFinished(last.response().withAttempts(List.of()))
                    : event;
        }
    }
}
