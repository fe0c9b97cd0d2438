package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.ReplyStream;
import dev.portolan.api.error.PortolanException;
import dev.portolan.provider.openrouter.chat.InProcess;
import dev.portolan.provider.openrouter.embedding.InProcessEmbeddings;
import dev.portolan.provider.openrouter.image.InProcessImages;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of every port that are damaged, of odd types, or nested without end: read, or refused as one of ours. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("thorough")
class DamagedAnswersTest {
    private static final List<String> ODD_VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1.5",
            "1e400",
            "-1e-400",
            "1e2147483647",
            "-2147483649",
            "99999999999999999999",
            "9".repeat(5000),
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"-1\"",
            "\"NaN\"",
            "\"\\ud83d\"",
            "\"\\udc00\\ud83d\"",
            "\"\\u0000\"",
            "\"\u0000\"",
            "\"data:;base64,\"",
            "\"data:image/png;base64,@\"",
            "\"data:,\"",
            "{}",
            "[]",
            "[[]]",
            "[null]",
            "[{}]",
            "[-1]",
            "{\"\":null}",
            "{\"a\":1,\"a\":2}");

    /** A string, a number, a word, or an object or array that has none inside. */
    private static final Pattern VALUE = Pattern.compile(
            "(?<=[:\\[,]\\s{0,4})(?:\"(?:[^\"\\\\]|\\\\.){0,4000}+\"|-?\\d[\\d.eE+-]*+|true|false|null|\\[[^\\[\\]{}]*]|\\{[^\\[\\]{}]*})(?!\\s*:)");

    /** How an answer is read. */
    enum Reading {
        CHAT("chat-simple.json"),
        CHAT_STREAM("stream-simple.sse"),
        IMAGES("images-response.json"),
        IMAGES_STREAM("images-stream.sse"),
        EMBEDDINGS("embeddings-float.json");

        private final String fixture;

        Reading(String fixture) {
            this.fixture = fixture;
        }

        /** Reads all of it. */
        Object read(List<byte[]> pieces) {
            return switch (this) {
                case CHAT -> InProcess.complete(joined(pieces));
                case CHAT_STREAM -> whole(InProcess.stream(pieces));
                case IMAGES -> InProcessImages.generate(joined(pieces));
                case IMAGES_STREAM -> whole(InProcessImages.stream(pieces));
                case EMBEDDINGS -> InProcessEmbeddings.embed(joined(pieces), 2);
            };
        }

        boolean isStream() {
            return fixture.endsWith(".sse");
        }

        private static Object whole(ReplyStream<?, ?> stream) {
            try (stream) {
                while (stream.next() != null) {
                    // reads on
                }
                return stream.response();
            }
        }

        private static byte[] joined(List<byte[]> pieces) {
            int length = pieces.stream().mapToInt(piece -> piece.length).sum();
            byte[] all = new byte[length];
            int at = 0;
            for (byte[] piece : pieces) {
                System.arraycopy(piece, 0, all, at, piece.length);
                at += piece.length;
            }
            return all;
        }
    }

    /** An answer, and how it is read. */
    record Case(Reading reading, String fixture) {}

    static Stream<Case> all() {
        return Stream.of(
                        Fixtures.REPLIES.stream().map(name -> new Case(Reading.CHAT, name)),
                        Stream.of(new Case(Reading.CHAT, "chat-200-top-level-error.json")),
                        Stream.concat(Fixtures.WHOLE_STREAMS.stream(), Fixtures.FAILING_STREAMS.stream())
                                .map(name -> new Case(Reading.CHAT_STREAM, name)),
                        others())
                .flatMap(cases -> cases);
    }

    /** The ports whose answers no other test damages. */
    static Stream<Case> others() {
        return Stream.of(
                new Case(Reading.IMAGES, "images-response.json"),
                new Case(Reading.IMAGES_STREAM, "images-stream.sse"),
                new Case(Reading.IMAGES_STREAM, "images-stream-error.sse"),
                new Case(Reading.EMBEDDINGS, "embeddings-float.json"),
                new Case(Reading.EMBEDDINGS, "embeddings-base64.json"));
    }

    /** Whether it was read; refused by one of ours if not. Anything else is a failure of the test. */
    private static boolean isRead(Reading reading, List<byte[]> pieces, String shown) {
        try {
            assertThat(reading.read(pieces)).isNotNull();
            return true;
        } catch (PortolanException refused) {
            assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(3000);
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError wrong) {
            throw new AssertionError("Not one of ours for " + shown, wrong);
        }
    }

    private static boolean isRead(Reading reading, String answer) {
        String shown = answer.length() <= 2000 ? answer : answer.substring(0, 2000) + "…";
        return isRead(reading, List.of(answer.getBytes(StandardCharsets.UTF_8)), shown);
    }

    @ParameterizedTest
    @MethodSource("all")
    void any_value_may_be_of_another_type(Case answer) {
        String text = Fixtures.text(answer.fixture());
        Matcher values = VALUE.matcher(text);
        int count = 0;
        for (int at = 0; values.find(at) && count < 120; at = values.start() + 1) {
            count++;
            for (int i = 0; i < ODD_VALUES.size(); i += 5) {
                String odd = ODD_VALUES.get((count * 7 + i) % ODD_VALUES.size());
                isRead(answer.reading(), text.substring(0, values.start()) + odd + text.substring(values.end()));
            }
        }
        assertThat(count).isGreaterThan(4);
    }

    @ParameterizedTest
    @MethodSource("others")
    void a_damaged_answer_is_read_or_refused(Case answer) {
        byte[] bytes = Fixtures.bytes(answer.fixture());
        Seeds.each(2000, random -> {
            byte[] damaged = DecoderFuzzTest.damaged(random, bytes);
            String text = new String(damaged, StandardCharsets.ISO_8859_1);
            boolean read = isRead(answer.reading(), Seeds.pieces(random, damaged), "the seed below");
            if (read && answer.reading().isStream()) {
                assertThat(text).as("looks complete without its end").contains("[DONE]");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("others")
    void an_answer_cut_anywhere_is_refused(Case answer) {
        byte[] bytes = Fixtures.bytes(answer.fixture());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int whole = answer.reading().isStream() ? text.indexOf("data: [DONE]") : text.lastIndexOf('}');
        for (int length = 0; length <= whole; length++) {
            assertThat(isRead(answer.reading(), List.of(Arrays.copyOf(bytes, length)), "cut at " + length))
                    .as("cut at %d", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 199, 201, 254, 257, 300, 10_000, 1_000_000})
    void an_answer_may_be_nested_without_end(int depth) {
        List<String> nested = List.of(
                "[".repeat(depth) + "]".repeat(depth),
                "[".repeat(depth),
                "{\"a\":".repeat(depth) + "1" + "}".repeat(depth),
                "{\"error\":".repeat(depth) + "1" + "}".repeat(depth));
        List<String> members = List.of(
                "unknown", "error", "choices", "usage", "data", "id", "created", "openrouter_metadata", "debug");
        for (String value : depth > 10_000 ? nested.subList(1, 3) : nested) {
            for (Reading reading : Reading.values()) {
                for (String member : depth > 10_000 ? List.of("unknown", "error") : members) {
                    isRead(reading, framed(reading, "{\"" + member + "\":" + value + "}"));
                }
                isRead(reading, framed(reading, value));
            }
            for (String inMessage : List.of(
                    "unknown",
                    "content",
                    "reasoning_details",
                    "tool_calls",
                    "images",
                    "annotations",
                    "audio",
                    "reasoning")) {
                String choice = "{\"choices\":[{\"%s\":{\"" + inMessage + "\":" + value + "},\"index\":0}]}";
                isRead(Reading.CHAT, choice.replace("%s", "message"));
                isRead(Reading.CHAT_STREAM, framed(Reading.CHAT_STREAM, choice.replace("%s", "delta")));
            }
            for (String inChoice : List.of("message", "logprobs", "error", "finish_reason", "unknown")) {
                isRead(Reading.CHAT, "{\"choices\":[{\"" + inChoice + "\":" + value + "}]}");
            }
            isRead(Reading.EMBEDDINGS, "{\"data\":[{\"embedding\":" + value + "}]}");
            isRead(Reading.IMAGES, "{\"data\":[{\"b64_json\":" + value + ",\"url\":" + value + "}]}");
        }
    }

    @Test
    void log_probabilities_within_log_probabilities_have_an_end() {
        String tokens = "[{\"top_logprobs\":".repeat(5000) + "[]" + "}]".repeat(5000);

        assertThat(isRead(Reading.CHAT, "{\"choices\":[{\"logprobs\":{\"content\":" + tokens + "}}]}"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "c328", "ff", "fe", "f0", "f09f8c", "eda080", "00", "c080", "f4908080", "80"})
    void bytes_that_are_not_utf8_may_stand_anywhere(String hex) {
        byte[] bad = java.util.HexFormat.of().parseHex(hex);
        for (Reading reading : Reading.values()) {
            byte[] bytes = Fixtures.bytes(reading.fixture);
            Random random = new Random(7);
            for (int i = 0; i < 60; i++) {
                int at = random.nextInt(bytes.length);
                List<byte[]> pieces = Stream.of(
                                Arrays.copyOf(bytes, at), bad, Arrays.copyOfRange(bytes, at, bytes.length))
                        .filter(piece -> piece.length > 0)
                        .toList();
                isRead(reading, pieces, hex + " at " + at);
            }
        }
    }

    private static String framed(Reading reading, String value) {
        return reading.isStream() ? "data: " + value + "\n\ndata: [DONE]\n\n" : value;
    }
}
