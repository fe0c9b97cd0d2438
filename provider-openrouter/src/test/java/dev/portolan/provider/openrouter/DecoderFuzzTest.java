package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.PortolanException;
import dev.portolan.provider.openrouter.chat.InProcess;
import dev.portolan.testkit.simulator.CannedResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server sends gives a reply or a {@link PortolanException}: no other exception, and no waiting forever. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("thorough")
class DecoderFuzzTest {
    @SuppressWarnings("unused") // named below
    static final List<String> REPLIES = Fixtures.REPLIES;

    @SuppressWarnings("unused") // named below
    static final List<String> WHOLE_STREAMS = Fixtures.WHOLE_STREAMS;

    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final String[] JSON_PIECES = {
        "null",
        "true",
        "-1",
        "1e999",
        "\"\"",
        "{}",
        "[]",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u0000",
        "\\ud83d",
        "[[[[[[[[",
        "{\"a\":",
        "99999999999999999999",
        "\u0000",
        "é",
        "data:",
        "\n\n",
        "\r"
    };

    @RegisterExtension
    final Loopback server = new Loopback();

    static List<String> streams() {
        return Stream.concat(Fixtures.WHOLE_STREAMS.stream(), Fixtures.FAILING_STREAMS.stream())
                .toList();
    }

    @ParameterizedTest
    @FieldSource("REPLIES")
    void a_damaged_reply_is_read_or_refused(String name) {
        byte[] bytes = Fixtures.bytes(name);
        Seeds.each(1500, random -> {
            byte[] damaged = damaged(random, bytes);
            try {
                assertThat(InProcess.complete(damaged)).isNotNull();
            } catch (PortolanException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("streams")
    void a_damaged_stream_is_read_or_refused(String name) {
        byte[] bytes = Fixtures.bytes(name);
        Seeds.each(1500, random -> {
            byte[] damaged = damaged(random, bytes);
            try (ChatStream stream = InProcess.stream(Seeds.pieces(random, damaged))) {
                ChatEvent last = null;
                for (ChatEvent event : stream) {
                    last = event;
                }
                assertThat(last).isInstanceOf(ChatEvent.ResponseFinished.class);
                assertThat(contains(damaged, DONE))
                        .as("looks complete without [DONE]")
                        .isTrue();
            } catch (PortolanException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        });
    }

    @ParameterizedTest
    @FieldSource("REPLIES")
    void a_reply_cut_anywhere_is_refused(String name) {
        byte[] bytes = Fixtures.bytes(name);
        int end = new String(bytes, StandardCharsets.UTF_8).stripTrailing().getBytes(StandardCharsets.UTF_8).length;
        for (int length = 0; length < end; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThat(outcome(() -> InProcess.complete(cut)))
                    .as("cut at %d", length)
                    .isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @FieldSource("WHOLE_STREAMS")
    void a_stream_cut_anywhere_before_done_is_never_complete(String name) {
        byte[] bytes = Fixtures.bytes(name);
        int done = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("data: [DONE]") + DONE.length;
        for (int length = 0; length < done; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThat(outcome(() -> {
                        try (ChatStream stream = InProcess.stream(cut)) {
                            return stream.response();
                        }
                    }))
                    .as("cut at %d", length)
                    .isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void over_http_a_damaged_stream_is_read_or_refused(String name) {
        byte[] bytes = Fixtures.bytes(name);
        Seeds.each(20, random -> {
            CannedResponse answer = CannedResponse.sse(damaged(random, bytes));
            CannedResponse sent = random.nextInt(3) == 0 ? answer.thenDisconnect() : answer;
            assertThat(outcome(() -> {
                        try (ChatStream stream = server.stream(sent)) {
                            return stream.response();
                        }
                    }))
                    .isIn("read", "refused");
        });
    }

    private interface Attempt {
        ChatResponse run();
    }

    private static String outcome(Attempt attempt) {
        try {
            return attempt.run() == null ? "nothing" : "read";
        } catch (PortolanException refused) {
            return "refused";
        }
    }

    /** The bytes with one to four things wrong: changed, removed, doubled, put in, cut off. */
    static byte[] damaged(Random random, byte[] bytes) {
        byte[] out = bytes.clone();
        for (int i = random.nextInt(4); i >= 0 && out.length > 0; i--) {
            int at = random.nextInt(out.length);
            int length = Math.min(out.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
            switch (random.nextInt(7)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out = joined(out, 0, at, new byte[0], at + length);
                case 2 -> out = joined(out, 0, at, Arrays.copyOfRange(out, at, at + length), at);
                case 3 -> out = joined(out, 0, at, piece(random), at);
                case 4 -> out = joined(out, 0, at, piece(random), at + length);
                case 5 -> out = value(random, out);
                default -> out = random.nextInt(4) == 0 ? Arrays.copyOf(out, at) : out;
            }
        }
        return out;
    }

    /** Puts something else in the place of a value. */
    private static byte[] value(Random random, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int colon = text.indexOf("\":", random.nextInt(Math.max(1, text.length())));
        if (colon < 0) {
            return bytes;
        }
        int end = colon + 2;
        while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String other = JSON_PIECES[random.nextInt(7)];
        return (text.substring(0, colon + 2) + other + text.substring(end)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] piece(Random random) {
        return JSON_PIECES[random.nextInt(JSON_PIECES.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] bytes, int from, int to, byte[] middle, int rest) {
        byte[] out = new byte[to - from + middle.length + bytes.length - rest];
        System.arraycopy(bytes, from, out, 0, to - from);
        System.arraycopy(middle, 0, out, to - from, middle.length);
        System.arraycopy(bytes, rest, out, to - from + middle.length, bytes.length - rest);
        return out;
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains("[DONE]") && part.length > 0;
    }
}
