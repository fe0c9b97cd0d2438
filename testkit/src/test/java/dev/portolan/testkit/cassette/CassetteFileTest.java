package dev.portolan.testkit.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of a cassette: written by us, edited by people. */
class CassetteFileTest {
    private static final String GOOD = """
            {
              "cassette": 1,
              "recorded": "2027-01-31T12:00:00Z",
              "from": "https://example.org/v1",
              "interactions": [
                {
                  "request": {"method": "GET", "path": "/v1/x"},
                  "response": {
                    "status": 200,
                    "events": [
                      {"at": 1, "data": "x"}
                    ]
                  }
                }
              ]
            }
            """;

    @TempDir
    private Path folder;

    private Cassette open(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("c.json"), text);
        return Cassette.builder(file, "http://127.0.0.1:9/v1")
                .mode(CassetteMode.REPLAY)
                .open();
    }

    @Test
    void a_cassette_can_be_written_by_hand() throws Exception {
        try (Cassette cassette = open(GOOD)) {
            assertThat(new Client(cassette).get("/x").body()).isEqualTo("data: x\n\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"cassette\": 1,' | '\"cassette\": 2,' | line 1: the cassette is of version 2",
                "'\"cassette\": 1,' | '\"cassette\": 1' | 'line 3, column 3: ''}'' was expected, but there is ''\"'''",
                "2027-01-31T12:00:00Z | yesterday | line 1: \"recorded\" must be a time",
                "\"status\": 200, | '' | line 8: \"status\" is missing",
                "200 | 2e2 | line 8: \"status\" must be a whole number",
                "200 | 999 | line 8: \"status\" must be 100 to 599 but is 999",
                "\"status\" | \"stats\" | line 8: \"stats\" is unknown here",
                "'{\"at\": 1, \"data\": \"x\"}' | '{\"at\": 1}' | line 11: a piece of a stream has one of",
                "'{\"at\": 1, \"data\": \"x\"}' | '{\"at\": 1, \"base64\": \"!\"}' | line 11: \"base64\" is not valid",
                "'\"status\": 200,' | '\"status\": 200, \"text\": [],' | line 8: there is more than one body: text, events",
                "'\"status\": 200,' | '\"status\": 200, \"end\": \"soon\",' | line 8: \"end\" must be",
                "'\"x\"}' | '\"x}' | 'line 11, column 32: this character must be escaped in a text, but there is the end of the line'",
                "'\"/v1/x\"' | '\"/v1/x\", \"path\": \"\"' | 'line 7, column 53: the name \"path\" occurs twice'",
            })
    void a_mistake_is_told_with_its_line(String right, String wrong, String message) {
        assertThat(GOOD).contains(right);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(GOOD.replace(right, wrong)))
                .withMessageContaining("c.json cannot be replayed: " + message)
                .withMessageContaining("delete it to record it again");
    }

    @Test
    void any_stream_comes_back_as_the_same_bytes_however_it_arrived() {
        String[] bits = {
            "\n",
            "\r",
            "\r\n",
            "data: ",
            "data:",
            ": c",
            "event: e",
            "{\"a\":1}",
            "{\"a\" : 1}",
            "[DONE]",
            "x",
            "ü",
            "\"",
            "\\",
            "data: {\"b\":\"\\n\"}\n\n",
            "data: {\"b\":[]}\r\n\r\n"
        };
        Scrubber scrubber = new Scrubber(Set.of(), List.of(), Set.of());
        Random random = new Random(7);
        for (int run = 0; run < 3_000; run++) {
            Buffer all = new Buffer();
            for (int i = random.nextInt(12); i >= 0; i--) {
                all.writeUtf8(bits[random.nextInt(bits.length)]);
            }
            if (random.nextInt(10) == 0) {
                all.writeByte(0xFF);
            }
            ByteString bytes = all.readByteString();
            List<StreamReading.Arrival> arrivals = new ArrayList<>();
            for (int at = 0; at < bytes.size(); ) {
                int end = Math.min(bytes.size(), at + 1 + random.nextInt(9));
                arrivals.add(new StreamReading.Arrival(arrivals.size(), bytes.substring(at, end)));
                at = end;
            }
            StreamKind kind = random.nextBoolean() ? StreamKind.EVENTS : StreamKind.LINES;

            Body.Stream stream = reread(StreamReading.of(kind, arrivals, scrubber));

            Buffer back = new Buffer();
            stream.pieces().forEach(piece -> back.write(piece.bytes(stream.newline())));
            assertThat(back.readByteString()).as("run " + run).isEqualTo(bytes);
        }
    }

    /** By way of the text of a cassette. */
    private static Body.Stream reread(Body.Stream stream) {
        Interaction interaction = new Interaction(
                new RecordedRequest("GET", "/", "", Map.of(), new Body.None()),
                new RecordedAnswer(200, 0, 0, Map.of(), stream, RecordedAnswer.End.COMPLETE));
        String text = CassetteWriter.text(new CassetteContent(Instant.EPOCH, "", List.of(interaction)));
        CassetteContent content = CassetteReader.content(text);
        assertThat(CassetteWriter.text(content)).isEqualTo(text);
        return (Body.Stream) content.interactions().get(0).answer().body();
    }

    @Test
    void json_is_read_strictly_and_written_as_it_was() {
        String json =
                "{\"n\":[0,-0,1.50,1E+5,12345678901234567890],\"t\":\"\\\"\\\\\\b\\u001f\\ud800ü🌍/\",\"e\":{},\"x\":[]}";
        assertThat(JsonPrint.compact(new JsonSource(json).read())).isEqualTo(json);
        assertThat(JsonPrint.compact(new JsonSource(JsonPrint.pretty(new JsonSource(json).read())).read()))
                .isEqualTo(json);
        for (String wrong :
                List.of("", "[1,]", "[01]", "[1.]", "{a:1}", "'x'", "[1]2", "tru", "[\"\t\"]", "\"\\x\"", "[-]")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> new JsonSource(wrong).read())
                    .withMessageStartingWith("line 1, column ");
        }
        assertThat(JsonSource.treeOrNull("[".repeat(100_000))).isNull();
    }

    @Test
    void a_vector_takes_few_lines() {
        String vector = "[" + "0.123456789,".repeat(99) + "1]";
        String pretty = JsonPrint.pretty(new JsonSource("{\"embedding\":" + vector + "}").read());
        assertThat(pretty.lines()).hasSizeLessThan(20).allMatch(line -> line.length() <= 100);
        assertThat(pretty.replaceAll("\\s", "")).contains(vector);
    }
}
