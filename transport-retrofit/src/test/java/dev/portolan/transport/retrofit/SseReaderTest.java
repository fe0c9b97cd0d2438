package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.transport.retrofit.Events.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    @Nested
    class Lines {
        @ParameterizedTest
        @ValueSource(strings = {"\n", "\r", "\r\n"})
        void any_line_end_ends_a_line(String end) throws IOException {
            assertThat(Events.of("data: a" + end + end + "data: b" + end + end))
                    .containsExactly(Event.of("a"), Event.of("b"));
        }

        @Test
        void line_ends_can_be_mixed() throws IOException {
            assertThat(Events.of("data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\ndata: e\r\r"))
                    .containsExactly(Event.of("a\nb\nc"), Event.of("d"), Event.of("e"));
        }

        @Test
        void a_line_feed_after_a_line_feed_and_return_is_an_empty_line() throws IOException {
            assertThat(Events.of("data: a\n\rdata: b\n\r")).containsExactly(Event.of("a"), Event.of("b"));
        }

        @Test
        void every_cut_gives_the_same_events() throws IOException {
            byte[] stream = "\uFEFF: c\r\n\r\ndata: ü\r\ndata: 🌍\r\r\nevent: e\r\ndata:[DONE]\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8);
            for (int first = 1; first < stream.length; first++) {
                int cut = first;
                int[] reads = {0};
                assertThat(Events.of(stream, () -> reads[0]++ == 0 ? cut : Integer.MAX_VALUE))
                        .as("cut after %s bytes", cut)
                        .containsExactly(Event.of("ü\n🌍"), new Event("[DONE]", "e", null, -1));
            }
        }

        @Test
        void an_event_is_given_without_waiting_for_the_line_feed_after_its_carriage_return() throws IOException {
            Buffer sent = new Buffer().writeUtf8("data: a\r\n\r");
            SseReader reader = new SseReader(Okio.buffer(new NoMoreThan(sent)), 1000);

            assertThat(reader.next().readUtf8()).isEqualTo("a");
        }

        @Test
        void a_byte_order_mark_is_dropped_at_the_beginning_only() throws IOException {
            assertThat(Events.of("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n"))
                    .containsExactly(Event.of("a"), Event.of("\uFEFFc"));
        }

        @Test
        void a_part_of_a_byte_order_mark_is_not_one() throws IOException {
            byte[] stream = {(byte) 0xef, (byte) 0xbb, 'd', 'a', 't', 'a', ':', 'a', '\n', '\n', 'd', 'a', 't', 'a'};

            assertThat(Events.of(stream, () -> 1)).containsExactly(Event.of(""));
        }

        @Test
        void bytes_that_are_not_text_pass_through_the_data() throws IOException {
            byte[] stream = {'d', 'a', 't', 'a', ':', ' ', (byte) 0xff, 0, (byte) 0xc3, '\n', '\n'};

            assertThat(Events.of(stream, () -> 1)).extracting(Event::data).containsExactly("\u00ff\u0000\u00c3");
        }
    }

    @Nested
    class Fields {
        @Test
        void comments_are_dropped_and_dispatch_nothing() throws IOException {
            assertThat(Events.of(": OPENROUTER PROCESSING\n\n:\n\n::data: x\n\ndata: a\n: in between\ndata: b\n\n"))
                    .containsExactly(Event.of("a\nb"));
        }

        @Test
        void one_space_after_the_colon_is_removed_and_only_one() throws IOException {
            assertThat(Events.of("data:a\n\ndata: b\n\ndata:  c\n\ndata:\td\n\ndata: e \n\n"))
                    .containsExactly(Event.of("a"), Event.of("b"), Event.of(" c"), Event.of("\td"), Event.of("e "));
        }

        @Test
        void several_data_lines_are_joined_with_a_line_feed() throws IOException {
            assertThat(Events.of("data: {\ndata:\ndata: }\n\ndata\ndata\n\n"))
                    .containsExactly(Event.of("{\n\n}"), Event.of("\n"));
        }

        @Test
        void a_colon_in_the_value_belongs_to_it() throws IOException {
            assertThat(Events.of("data: a: b\n\ndata::\n\n")).containsExactly(Event.of("a: b"), Event.of(":"));
        }

        @Test
        void a_line_without_a_colon_is_a_field_with_an_empty_value() throws IOException {
            assertThat(Events.of("data\n\n")).containsExactly(Event.of(""));
            assertThat(Events.of("event\ndata: a\n\n")).containsExactly(new Event("a", "", null, -1));
        }

        @Test
        void unknown_fields_are_ignored() throws IOException {
            assertThat(Events.of(
                            "datas: x\ndat: x\n data: x\nDATA: x\nfoo\nfoo: bar\n[]\nerror\nerror: x\ndata: a\n\n"))
                    .containsExactly(Event.of("a"));
        }

        /** llama.cpp wrote the first, until the middle of 2025; gateways write the second. */
        @Test
        void errors_that_do_not_keep_to_the_format_are_data() throws IOException {
            assertThat(Events.of("data: a\n\nerror: {\"code\":400}\n\ndata: [DONE]\n\n"))
                    .containsExactly(Event.of("a"), Event.of("{\"error\":{\"code\":400}}"), Event.of("[DONE]"));
            assertThat(Events.of("{\"error\":\"down\"}")).containsExactly(Event.of("{\"error\":\"down\"}"));
        }

        @Test
        void events_without_data_are_not_dispatched() throws IOException {
            assertThat(Events.of("\n\nevent: ping\n\nid: 1\n\nretry: 5\n\ndata: a\n\n"))
                    .containsExactly(new Event("a", null, "1", 5));
        }

        @Test
        void the_event_name_belongs_to_one_event_but_id_and_retry_stay() throws IOException {
            assertThat(Events.of("event: e\nid: 7\nretry: 1500\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"))
                    .containsExactly(
                            new Event("a", "e", "7", 1500),
                            new Event("b", null, "7", 1500),
                            new Event("c", null, "", 1500));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "-1", "1.5", "1e3", "x", "12 ", "99999999999999999999", "\u0664"})
        void a_retry_that_is_not_a_number_of_milliseconds_is_ignored(String value) throws IOException {
            assertThat(Events.of("retry: 20\nretry: " + value + "\ndata: a\n\n"))
                    .containsExactly(new Event("a", null, null, 20));
        }

        @Test
        void done_is_an_event_like_any_other_with_and_without_a_space() throws IOException {
            assertThat(Events.of("data: [DONE]\n\ndata:[DONE]\n\n"))
                    .containsExactly(Event.of("[DONE]"), Event.of("[DONE]"));
        }
    }

    @Nested
    class End {
        @ParameterizedTest
        @ValueSource(strings = {"", "\n", "\r", "\r\n"})
        void a_last_event_without_an_empty_line_is_given(String end) throws IOException {
            assertThat(Events.of("data: a\n\nevent: e\ndata: b" + end))
                    .containsExactly(Event.of("a"), new Event("b", "e", null, -1));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\uFEFF", "\n", ": comment", "event: e", "id: 1\n", "dat"})
        void nothing_but_data_makes_a_last_event(String stream) throws IOException {
            assertThat(Events.of(stream)).isEmpty();
        }

        @Test
        void the_end_stays_the_end() throws IOException {
            SseReader reader = Events.reader("data: a".getBytes(StandardCharsets.UTF_8), () -> 1, 1000);

            assertThat(reader.next()).isNotNull();
            assertThat(reader.next()).isNull();
            assertThat(reader.next()).isNull();
        }

        @Test
        void a_connection_that_fails_is_not_an_end() {
            Buffer sent = new Buffer().writeUtf8("data: a\n");
            SseReader reader = new SseReader(Okio.buffer(new NoMoreThan(sent)), 1000);

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(reader::next)
                    .withMessage("no more than that was sent");
        }
    }

    @Nested
    class Limits {
        @Test
        void one_line_may_be_as_long_as_the_limit_however_it_is_cut() throws IOException {
            byte[] stream = ("data: " + "x".repeat(94) + "\n\n").getBytes(StandardCharsets.UTF_8);
            for (int size : new int[] {1, 7, 99, 100, 101, 8192}) {
                assertThat(Events.all(Events.reader(stream, () -> size, 100)))
                        .as("in pieces of %s", size)
                        .hasSize(1);
                SseReader reader = Events.reader(stream, () -> size, 99);
                assertThatExceptionOfType(TooLongException.class)
                        .as("in pieces of %s", size)
                        .isThrownBy(reader::next)
                        .withMessage("an event is longer than 99 bytes");
            }
        }

        @Test
        void many_lines_count_together() {
            byte[] stream = "data: 0123456789\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

            assertThatExceptionOfType(TooLongException.class)
                    .isThrownBy(() -> Events.reader(stream, () -> 100, 500).next());
        }

        @Test
        void many_empty_data_lines_count_together() {
            byte[] stream = "data\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

            assertThatExceptionOfType(TooLongException.class)
                    .isThrownBy(() -> Events.reader(stream, () -> 100, 500).next());
        }

        @Test
        void each_event_has_the_whole_limit() throws IOException {
            byte[] stream = "data: 0123456789\n\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

            assertThat(Events.all(Events.reader(stream, () -> 64, 20))).hasSize(1000);
        }

        @ParameterizedTest
        @ValueSource(strings = {": ", "data: ", "event: ", "id: ", "", "foo: "})
        void a_line_that_never_ends_is_refused_before_it_fills_the_memory(String begin) {
            Endless source = new Endless(begin, "x".repeat(1000));
            BufferedSource buffered = Okio.buffer(source);

            assertThatExceptionOfType(TooLongException.class).isThrownBy(() -> new SseReader(buffered, 100_000).next());
            assertThat(source.read).isLessThan(120_000);
        }

        @Test
        void endless_comments_take_no_memory() throws IOException {
            Endless source = new Endless("", ": OPENROUTER PROCESSING\n\n");
            source.last = 16 << 20;
            BufferedSource buffered = Okio.buffer(source);
            SseReader reader = new SseReader(buffered, 1000);

            assertThat(reader.next()).isNull();
            assertThat(source.read).isGreaterThanOrEqualTo(16 << 20);
            assertThat(source.fullest).isLessThan(20_000);
        }

        @Test
        void ten_thousand_events_leave_nothing_behind() throws IOException {
            Endless source = new Endless("", "data: {\"content\":\"small\"}\n\n");
            BufferedSource buffered = Okio.buffer(source);
            SseReader reader = new SseReader(buffered, 1000);
            Buffer data = reader.next();

            for (int i = 0; i < 10_000; i++) {
                assertThat(reader.next()).isSameAs(data);
                assertThat(data.size()).isEqualTo(19);
                assertThat(buffered.getBuffer().size()).isLessThan(20_000);
            }
        }

        @Test
        void an_event_of_several_megabytes_arrives_whole() throws IOException {
            String image = IntStream.range(0, 400_000)
                    .mapToObj(i -> "0123456789")
                    .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
                    .toString();

            List<Event> events = Events.of("data: " + image + "\n\ndata: [DONE]\n\n");

            assertThat(events).hasSize(2);
            assertThat(events.get(0).data()).isEqualTo(image);
        }
    }

    @Nested
    class KnownData {
        private final SseReader.Known known =
                (bytes, from, to) -> SseReader.Known.endOf("{known}".getBytes(StandardCharsets.UTF_8), bytes, from, to);

        @ParameterizedTest
        @ValueSource(strings = {"\n", "\r\n"})
        void it_is_skipped_wherever_it_is_cut_and_all_other_events_are_given(String end) throws IOException {
            String[] events = {"{known}", "a", "{known}", "{known}", "{known}}", "{know", "{known}", "b", "{known}"};
            byte[] stream =
                    ("data: " + String.join(end + end + "data: ", events) + end + end).getBytes(StandardCharsets.UTF_8);
            for (int size = 1; size <= stream.length; size++) {
                int pieces = size;
                assertThat(read(Events.reader(stream, () -> pieces, 1000)))
                        .as("in pieces of %s", size)
                        .containsExactly("-", "a", "-", "-", "{known}}", "{know", "-", "b", "-");
            }
        }

        @Test
        void an_event_of_other_lines_is_read_as_ever() throws IOException {
            String stream = "\uFEFFdata: {known}\n\n: c\n\ndata:{known}\n\ndata: {known}\ndata: x\n\ndata: {known}\r\r"
                    + "id: 3\ndata: {known}\n\ndata: {known}";

            assertThat(read(Events.reader(stream.getBytes(StandardCharsets.UTF_8), () -> 5, 1000)))
                    .containsExactly("-", "{known}", "{known}\nx", "{known}", "{known}", "{known}");
        }

        @Test
        void it_is_known_across_the_blocks_of_the_buffer_or_given() throws IOException {
            byte[] stream = "data: {known}\n\n".repeat(5000).getBytes(StandardCharsets.UTF_8);
            SseReader reader = new SseReader(new Buffer().write(stream), 1000);

            List<String> read = read(reader);

            assertThat(read).hasSize(5000).containsOnly("-", "{known}");
            assertThat(read.stream().filter("-"::equals).count()).isGreaterThan(4950);
            assertThat(reader.received()).isEqualTo(5000 * 7);
        }

        @Test
        void the_line_feed_behind_the_last_return_is_not_waited_for() throws IOException {
            Buffer sent = new Buffer().writeUtf8("data: {known}\r\n\r");

            assertThat(new SseReader(Okio.buffer(new NoMoreThan(sent)), 1000).skip(known))
                    .isTrue();
        }

        @Test
        void one_that_is_too_long_is_refused_like_any_other() {
            SseReader reader = new SseReader(new Buffer().writeUtf8("data: {known}\n\n"), 12);

            assertThatExceptionOfType(TooLongException.class).isThrownBy(() -> read(reader));
        }

        /** What is given, and a dash for what is skipped. */
        private List<String> read(SseReader reader) throws IOException {
            List<String> read = new ArrayList<>();
            while (true) {
                if (reader.skip(known)) {
                    read.add("-");
                    continue;
                }
                Buffer data = reader.next();
                if (data == null) {
                    return read;
                }
                read.add(data.readUtf8());
            }
        }
    }

    @Nested
    class Data {
        @Test
        void data_that_was_not_read_is_dropped_with_the_next_event() throws IOException {
            SseReader reader =
                    Events.reader("data: abc\n\ndata: d\n\n".getBytes(StandardCharsets.UTF_8), () -> 3, 1000);
            reader.next().skip(1);

            assertThat(reader.next().readUtf8()).isEqualTo("d");
        }
    }

    /** Gives what was sent, then fails: whoever asks for more would have waited. */
    private record NoMoreThan(Buffer sent) implements Source {
        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            if (sent.exhausted()) {
                throw new IOException("no more than that was sent");
            }
            return sent.read(sink, byteCount);
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {}
    }

    /** Repeats a text, at most 8192 bytes at a time. */
    private static final class Endless implements Source {
        private final Buffer next = new Buffer();
        private final String repeated;
        private long last = Long.MAX_VALUE;
        private long read;
        private long fullest;

        Endless(String begin, String repeated) {
            next.writeUtf8(begin);
            this.repeated = repeated;
        }

        @Override
        public long read(Buffer sink, long byteCount) {
            fullest = Math.max(fullest, sink.size());
            if (read >= last) {
                return -1;
            }
            while (next.size() < 8192) {
                next.writeUtf8(repeated);
            }
            long size = next.read(sink, Math.min(8192, byteCount));
            read += size;
            return size;
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {}
    }
}
