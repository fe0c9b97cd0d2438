package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.transport.retrofit.Events.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SseReaderPropertyTest {
    private static final List<String> STREAMS = Fixtures.STREAMS;

    /** What random streams are made of; line ends and {@code data} more often than the rest. */
    private static final String[] TOKENS = {
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\n\r\n",
        "\r\r",
        "data: ",
        "data:",
        "data",
        "\ndata: ",
        "event: ",
        "event",
        "id:",
        "id: 4",
        "retry: 12",
        "retry:x",
        "error: ",
        "error",
        ":",
        ": OPENROUTER PROCESSING",
        " ",
        "  ",
        "x",
        "ü",
        "🌍",
        "\uFEFF",
        "[DONE]",
        "{\"a\":1}",
        "\u2028",
        "\u0000",
        "dat",
        "foo: bar"
    };

    @ParameterizedTest
    @FieldSource("STREAMS")
    void a_recorded_stream_gives_the_same_events_in_any_pieces(String fixture) throws IOException {
        byte[] stream = Fixtures.bytes(fixture);
        List<Event> expected = naive(stream);

        assertThat(expected).isNotEmpty();
        Seeds.each(
                60, random -> assertThat(Events.of(stream, randomSizes(random))).isEqualTo(expected));
    }

    @Test
    void random_streams_give_the_same_events_in_any_pieces() {
        Seeds.each(3000, random -> {
            byte[] stream = randomStream(random);
            List<Event> expected = naive(stream);
            String shown = new String(stream, StandardCharsets.UTF_8);

            assertThat(Events.of(shown)).as("%s, whole", shown).isEqualTo(expected);
            assertThat(Events.of(stream, () -> 1)).as("%s, byte by byte", shown).isEqualTo(expected);
            assertThat(Events.of(stream, randomSizes(random)))
                    .as("%s, in pieces", shown)
                    .isEqualTo(expected);
        });
    }

    @Test
    void whether_an_event_is_too_long_does_not_depend_on_the_pieces() {
        Seeds.each(2000, random -> {
            byte[] stream = randomStream(random);
            long limit = 5 + random.nextInt(40);

            assertThat(untilTooLong(Events.reader(stream, randomSizes(random), limit)))
                    .as("%s with a limit of %s", new String(stream, StandardCharsets.UTF_8), limit)
                    .isEqualTo(untilTooLong(Events.reader(stream, () -> Integer.MAX_VALUE, limit)));
        });
    }

    private static List<String> untilTooLong(SseReader reader) throws IOException {
        List<String> events = new ArrayList<>();
        try {
            for (var data = reader.next(); data != null; data = reader.next()) {
                events.add(data.readUtf8());
            }
        } catch (TooLongException e) {
            events.add("too long");
        }
        return events;
    }

    private static java.util.function.IntSupplier randomSizes(Random random) {
        int most = 1 + random.nextInt(random.nextBoolean() ? 4 : 500);
        return () -> 1 + random.nextInt(most);
    }

    private static byte[] randomStream(Random random) {
        StringBuilder stream = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
        int tokens = random.nextInt(40);
        for (int i = 0; i < tokens; i++) {
            stream.append(TOKENS[random.nextInt(random.nextBoolean() ? 10 : TOKENS.length)]);
        }
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The rules written down one after the other, for a stream that is there as a whole. */
    private static List<Event> naive(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u00ef\u00bb\u00bf")) {
            text = text.substring(3);
        }
        List<Event> events = new ArrayList<>();
        List<String> data = new ArrayList<>();
        String event = null;
        String id = null;
        long retry = -1;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    events.add(new Event(String.join("\n", data), event, id, retry));
                    data.clear();
                }
                event = null;
                continue;
            }
            if (line.startsWith("{")) {
                data.add(line);
                continue;
            }
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (name) {
                case "data" -> data.add(value);
                case "error" -> {
                    if (value.startsWith("{")) {
                        data.add("{\"error\":" + value + "}");
                    }
                }
                case "event" -> event = utf8(value);
                case "id" -> id = utf8(value);
                case "retry" -> retry = value.matches("[0-9]{1,9}") ? Long.parseLong(value) : retry;
                default -> {}
            }
        }
        if (!data.isEmpty()) {
            events.add(new Event(String.join("\n", data), event, id, retry));
        }
        return events;
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
