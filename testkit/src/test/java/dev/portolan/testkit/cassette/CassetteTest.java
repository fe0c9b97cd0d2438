package dev.portolan.testkit.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.portolan.api.Settings;
import dev.portolan.testkit.fake.FakeClock;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassetteTest {
    private static final String NOWHERE = "http://127.0.0.1:9/v1"; // must never be asked

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("cassettes/talk.json");
    }

    private Cassette.Builder recording(Upstream upstream) {
        return Cassette.builder(file(), upstream.baseUrl()).mode(CassetteMode.RECORD);
    }

    private Cassette.Builder replaying() {
        return Cassette.builder(file(), NOWHERE).mode(CassetteMode.REPLAY);
    }

    private String written() throws IOException {
        return Files.readString(file());
    }

    @Test
    void what_the_simulator_said_is_replayed_when_it_is_gone() throws Exception {
        String chat = "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Grüezi\"}]}";
        String stream = chat.replace("{\"model", "{\"stream\":true,\"model");
        String vectors = "{\"model\":\"openai/text-embedding-3-small\",\"input\":[\"a\",\"b\"]}";
        String picture = "{\"model\":\"google/gemini-2.5-flash-image\",\"prompt\":\"a calm sea\"}";
        List<HttpResponse<String>> recorded = new ArrayList<>();
        String base;
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            base = simulator.baseUrl();
            try (Cassette cassette =
                    Cassette.builder(file(), base).mode(CassetteMode.RECORD).open()) {
                assertThat(cassette.baseUrl()).endsWith("/api/v1");
                recorded.addAll(talk(cassette, chat, stream, vectors, picture));
            }
            assertThat(simulator.requests()).hasSize(5);
            assertThat(recorded)
                    .allSatisfy(reply ->
                            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200));
        }

        try (Cassette cassette = Cassette.builder(file(), base)
                .mode(CassetteMode.REPLAY)
                .strict()
                .open()) {
            List<HttpResponse<String>> replayed = talk(cassette, chat, stream, vectors, picture);

            for (int i = 0; i < recorded.size(); i++) {
                assertThat(replayed.get(i).statusCode()).isEqualTo(200);
                assertThat(replayed.get(i).body()).isEqualTo(recorded.get(i).body());
                assertThat(replayed.get(i).headers().map().get("x-generation-id"))
                        .isEqualTo(recorded.get(i).headers().map().get("x-generation-id"));
                assertThat(replayed.get(i).headers().firstValue("content-type"))
                        .isEqualTo(recorded.get(i).headers().firstValue("content-type"));
            }
        }
    }

    private static List<HttpResponse<String>> talk(
            Cassette cassette, String chat, String stream, String vectors, String picture) throws Exception {
        Client client = new Client(cassette);
        return List.of(
                client.send("/chat/completions", chat),
                client.send("/chat/completions", stream),
                client.send("/embeddings", vectors),
                client.send("/images", picture),
                client.get("/models?limit=2"));
    }

    @Test
    void the_file_is_for_people() throws Exception {
        FakeClock clock = new FakeClock();
        try (Upstream upstream = new Upstream((request, line) -> {
                    clock.advance(Duration.ofMillis(120));
                    return request.request().path().contains("models")
                            ? Answer.json(200, new JsonObject().put("data", JsonArray.of(1, 2)))
                            : Answer.eventStream(stream -> {
                                stream.send(Upstream.utf8(": WAIT\n\ndata: {\"n\":1.50,\"t\":\"ü\"}\n\n"));
                                stream.send(Upstream.utf8("data: [DONE]\n\n"));
                            });
                });
                Cassette cassette = recording(upstream).clock(clock).open()) {
            Client client = new Client(cassette);
            client.send("/chat/completions", "{\"messages\": [ {\"role\":\"user\"} ], \"temperature\": 0.70}");
            client.get("/models?key=abcdefghijkl&limit=2");
        }

        assertThat(written().replaceAll("127.0.0.1:\\d+", "host")).isEqualTo("""
                {
                  "cassette": 1,
                  "recorded": "2026-01-01T00:00:00Z",
                  "from": "http://host/v1",
                  "interactions": [
                    {
                      "request": {
                        "method": "POST",
                        "path": "/v1/chat/completions",
                        "headers": {"Content-Type": "application/json"},
                        "json": {"messages": [{"role": "user"}], "temperature": 0.70}
                      },
                      "response": {
                        "status": 200,
                        "after": 120,
                        "headers": {"Content-Type": "text/event-stream"},
                        "events": [
                          {"at": 120, "comment": "WAIT"},
                          {"at": 120, "data": {"n": 1.50, "t": "ü"}},
                          {"at": 120, "data": "[DONE]"}
                        ]
                      }
                    },
                    {
                      "request": {"method": "GET", "path": "/v1/models", "query": "key=[scrubbed]&limit=2"},
                      "response": {
                        "status": 200,
                        "after": 120,
                        "headers": {"Content-Type": "application/json"},
                        "json": {"data": [1, 2]}
                      }
                    }
                  ]
                }
                """);
    }

    @Test
    void bytes_pass_through_while_the_provider_is_still_writing() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Upstream upstream = Upstream.stream(stream -> {
                    stream.send(Upstream.utf8("data: {\"a\":1}\n\nda"));
                    await(read); // the client has the first event before the second is written
                    stream.send(Upstream.utf8("ta: [DONE]\n\n"));
                });
                Cassette cassette = recording(upstream).open()) {
            Client client = new Client(cassette);
            try (InputStream body = client.open(client.post("/x", "{}")).body()) {
                assertThat(body.readNBytes(17)).asString().isEqualTo("data: {\"a\":1}\n\nda");
                read.countDown();
                assertThat(body.readAllBytes()).asString().isEqualTo("ta: [DONE]\n\n");
            }
        }
        assertThat(written()).contains("\"data\": {\"a\": 1}", "\"data\": \"[DONE]\"");
    }

    @Test
    void streams_come_back_byte_for_byte() throws Exception {
        String odd =
                "\uFEFFdata:{\"a\":1}\r\n\r\n: x\r\n\r\n:y\r\ndata: {\"a\": 1}\r\n\r\nevent: e\r\ndata: {\"b\":[1.0,-0]}\r\n\r\n"
                        + "id: 7\r\ndata: 1\r\ndata: 2\r\n\r\ndata: \"text\"\r\n\r\n\ndata: {\"k\":1,\"k\":2}\r\n\r\ndata: [DONE]\r\n\r\ndata: {\"half";
        byte[] bytes = Upstream.utf8(odd);
        byte[] all = Arrays.copyOf(bytes, bytes.length + 1);
        all[bytes.length] = (byte) 0xC3; // and a character cut in two
        try (Upstream upstream = Upstream.stream(stream -> stream.send(all));
                Cassette cassette = recording(upstream).open()) {
            Client client = new Client(cassette);
            assertThat(client.bytes(client.post("/x", "{}")).body()).isEqualTo(all);
        }

        try (Cassette cassette = replaying().open()) {
            Client client = new Client(cassette);
            assertThat(client.bytes(client.post("/x", "{}")).body()).isEqualTo(all);
        }
        assertThat(written()).contains("\"newline\": \"\\r\\n\"", "\"event\": \"e\", \"data\": {\"b\": [1.0, -0]}");
    }

    @Test
    void lines_of_json_are_a_stream_too() throws Exception {
        String body = "{\"response\":\"Hel\"}\n{\"response\":\"lo\",\"done\":false}\n{\"done\": true}\n";
        try (Upstream upstream = Upstream.of("application/x-ndjson", body);
                Cassette cassette = recording(upstream).open()) {
            assertThat(new Client(cassette).send("/api/generate", "{}").body()).isEqualTo(body);
        }
        try (Cassette cassette = replaying().open()) {
            assertThat(new Client(cassette).send("/api/generate", "{}").body()).isEqualTo(body);
        }
        assertThat(written())
                .contains("\"lines\"", "\"json\": {\"response\": \"lo\", \"done\": false}", "{\\\"done\\\": true}\\n");
    }

    @Test
    void images_and_sounds_come_back_byte_for_byte() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(42).nextBytes(large);
        try (Upstream upstream = new Upstream((request, line) -> Answer.bytes("image/png", ByteString.of(large)));
                Cassette cassette = recording(upstream).open()) {
            Client client = new Client(cassette);
            HttpResponse<byte[]> reply = client.bytes(client.post("/x", "{}"));
            assertThat(reply.body()).isEqualTo(large);
            assertThat(reply.headers().firstValueAsLong("Content-Length")).hasValue(large.length);
        }
        try (Cassette cassette = replaying().open()) {
            Client client = new Client(cassette);
            assertThat(client.bytes(client.post("/x", "{}")).body()).isEqualTo(large);
        }
    }

    @Test
    void a_stream_that_broke_breaks_again_at_the_same_byte() throws Exception {
        byte[] first;
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Cassette cassette = Cassette.builder(file(), simulator.baseUrl())
                        .mode(CassetteMode.RECORD)
                        .open()) {
            simulator.faults().next(Fault.cutAtByte(700));
            first = untilBroken(cassette);
        }
        assertThat(first).hasSize(700);
        assertThat(written()).contains("\"end\": \"cut\"");

        try (Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:9/api/v1")
                .mode(CassetteMode.REPLAY)
                .open()) {
            assertThat(untilBroken(cassette)).isEqualTo(first);
        }
    }

    /** By a client that hands out all that came before the break; that of java.net.http may drop it. */
    private static byte[] untilBroken(Cassette cassette) throws Exception {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(cassette.baseUrl() + "/chat/completions").toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Authorization", "Bearer none");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        connection
                .getOutputStream()
                .write(
                        "{\"stream\":true,\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                                .getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream body = connection.getInputStream()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                for (int next = body.read(); next >= 0; next = body.read()) {
                    read.write(next);
                }
            });
        }
        return read.toByteArray();
    }

    @Test
    void a_connection_that_broke_before_the_answer_breaks_again() throws Exception {
        try (Upstream upstream = new Upstream((request, line) -> {
                    line.disconnect();
                    throw new IllegalStateException("not reached");
                });
                Cassette cassette = recording(upstream).open()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Client(cassette).send("/x", "{}"));
        }
        try (Cassette cassette = replaying().strict().open()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Client(cassette).send("/x", "{}"));
        }
    }

    @Test
    void a_client_that_leaves_cancels_the_call_and_what_it_read_is_kept() throws Exception {
        try (Upstream upstream = Upstream.stream(stream -> {
                    stream.send(Upstream.utf8("data: {\"a\":1}\n\n"));
                    stream.stall();
                });
                Cassette cassette = recording(upstream).open()) {
            Client client = new Client(cassette);
            try (InputStream body = client.open(client.post("/x", "{}")).body()) {
                assertThat(body.readNBytes(15)).hasSize(15);
            }
            assertThat(upstream.awaitLeft(1)).isTrue();
        }
        assertThat(written()).contains("\"end\": \"cancelled\"");

        try (Cassette cassette = replaying().strict().open()) {
            Client client = new Client(cassette);
            try (InputStream body = client.open(client.post("/x", "{}")).body()) {
                assertThat(body.readNBytes(15)).asString().isEqualTo("data: {\"a\":1}\n\n");
            }
        }
    }

    @Test
    void a_client_that_leaves_before_the_answer_cancels_the_call() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (Upstream upstream = new Upstream((request, line) -> {
                    asked.countDown();
                    line.stall();
                    throw new IllegalStateException("not reached");
                });
                Cassette cassette = recording(upstream).open()) {
            Client client = new Client(cassette);
            CompletableFuture<HttpResponse<String>> call = client.sendAsync(client.post("/x", "{}"));
            await(asked);
            call.cancel(true);
            assertThat(upstream.awaitLeft(1)).isTrue();
        }
        assertThat(written()).contains("\"end\": \"cancelled\"").doesNotContain("\"status\"");
    }

    @Test
    void a_client_that_hangs_up_at_done_had_the_whole() throws Exception {
        try (Upstream upstream = Upstream.stream(stream -> {
                    stream.send(Upstream.utf8("data: {\"a\":1}\n\ndata: [DONE]\n\n"));
                    stream.stall();
                });
                Cassette cassette = recording(upstream).open()) {
            Client client = new Client(cassette);
            try (InputStream body = client.open(client.post("/x", "{}")).body()) {
                assertThat(body.readNBytes(29)).hasSize(29);
            }
            assertThat(upstream.awaitLeft(1)).isTrue();
        }
        assertThat(written()).doesNotContain("\"end\"");
    }

    @Test
    void equal_requests_in_parallel_get_each_answer_once() throws Exception {
        int calls = 40;
        List<String> recorded;
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Cassette cassette = Cassette.builder(file(), simulator.baseUrl())
                        .mode(CassetteMode.RECORD)
                        .open()) {
            recorded = inParallel(cassette, calls);
        }
        try (Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:9/api/v1")
                .mode(CassetteMode.REPLAY)
                .strict()
                .open()) {
            List<String> replayed = inParallel(cassette, calls);
            for (int text = 0; text < 4; text++) { // those that differ get their own answer
                assertThat(every(4, text, replayed)).containsExactlyInAnyOrderElementsOf(every(4, text, recorded));
            }
        }
        assertThat(JsonText.parse(written())).isNotNull();
    }

    private static List<String> every(int step, int first, List<String> all) {
        List<String> some = new ArrayList<>();
        for (int i = first; i < all.size(); i += step) {
            some.add(all.get(i));
        }
        return some;
    }

    private static List<String> inParallel(Cassette cassette, int calls) throws Exception {
        Client client = new Client(cassette);
        List<CompletableFuture<HttpResponse<String>>> futures = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            futures.add(client.sendAsync(client.post(
                    "/embeddings", "{\"model\":\"openai/text-embedding-3-small\",\"input\":\"text " + i % 4 + "\"}")));
        }
        List<String> bodies = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> future : futures) {
            HttpResponse<String> reply = future.get(20, TimeUnit.SECONDS);
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
            bodies.add(reply.body());
        }
        return bodies;
    }

    @Test
    void a_body_that_was_compressed_unasked_is_unpacked() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(Upstream.utf8("{\"a\":1}"));
        }
        try (Upstream upstream = new Upstream(
                        (request, line) -> Answer.bytes("application/json", ByteString.of(packed.toByteArray()))
                                .header("Content-Encoding", "gzip"));
                Cassette cassette = recording(upstream).open()) {
            HttpResponse<String> reply = new Client(cassette).send("/x", "{}");
            assertThat(reply.body()).isEqualTo("{\"a\":1}");
            assertThat(reply.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(upstream.received.get(0).header("Accept-Encoding")).contains("identity");
        }
        assertThat(written()).contains("\"json\": {\"a\": 1}");
    }

    @Test
    void the_pauses_of_the_recording_come_back_when_asked_for() throws Exception {
        FakeClock clock = new FakeClock();
        CountDownLatch[] read = {new CountDownLatch(1), new CountDownLatch(1)};
        try (Upstream upstream = new Upstream((request, line) -> {
                    clock.advance(Duration.ofMillis(100));
                    return Answer.eventStream(stream -> {
                        stream.send(Upstream.utf8("data: 1\n\n"));
                        await(read[0]);
                        clock.advance(Duration.ofMillis(250));
                        stream.send(Upstream.utf8("data: 2\n\n"));
                        await(read[1]);
                        clock.advance(Duration.ofMillis(50));
                    });
                });
                Cassette cassette = recording(upstream).clock(clock).open()) {
            Client client = new Client(cassette);
            try (InputStream body = client.open(client.post("/x", "{}")).body()) {
                assertThat(body.readNBytes(9)).hasSize(9);
                read[0].countDown();
                assertThat(body.readNBytes(9)).hasSize(9);
                read[1].countDown();
                assertThat(body.read()).isEqualTo(-1);
            }
        }

        assertThat(pauses(ReplayTiming.recorded())).containsExactly(100L, 250L, 50L);
        assertThat(pauses(ReplayTiming.scaled(0.1))).containsExactly(10L, 25L, 5L);
        assertThat(pauses(ReplayTiming.atOnce())).isEmpty();
        try (Cassette cassette = replaying().timing(ReplayTiming.scaled(0.05)).open()) { // really waits
            assertThat(new Client(cassette).send("/x", "{}").body()).isEqualTo("data: 1\n\ndata: 2\n\n");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ReplayTiming.scaled(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> ReplayTiming.scaled(Double.NaN));
    }

    private List<Long> pauses(ReplayTiming timing) throws Exception {
        List<Long> pauses = new CopyOnWriteArrayList<>();
        try (Cassette cassette = replaying()
                .timing(timing.pausingBy(pause -> pauses.add(pause.toMillis())))
                .open()) {
            assertThat(new Client(cassette).send("/x", "{}").body()).isEqualTo("data: 1\n\ndata: 2\n\n");
        }
        return pauses;
    }

    @Test
    void it_records_when_the_file_is_missing_and_replays_when_it_is_there() throws Exception {
        Settings nothingSet = Settings.of(Map.of());
        try (Upstream upstream = Upstream.json("{\"n\":1}")) {
            for (int i = 0; i < 2; i++) {
                try (Cassette cassette = Cassette.builder(file(), upstream.baseUrl())
                        .settings(nothingSet)
                        .open()) {
                    assertThat(cassette.mode()).isEqualTo(i == 0 ? CassetteMode.RECORD : CassetteMode.REPLAY);
                    assertThat(cassette).hasToString("Cassette[" + file() + ", " + cassette.mode() + "]");
                    assertThat(new Client(cassette).send("/x", "{}").body()).isEqualTo("{\"n\":1}");
                }
            }
            assertThat(upstream.received).hasSize(1);
            try (Cassette cassette = Cassette.builder(file(), upstream.baseUrl())
                    .settings(nothingSet.with(Cassette.MODE_SETTING, "record"))
                    .open()) {
                new Client(cassette).send("/x", "{}");
            }
            assertThat(upstream.received).hasSize(2);
        }
    }

    @Test
    void it_never_records_on_ci() {
        Settings ci = Settings.of(Map.of("CI", "true"));

        assertThatIllegalStateException()
                .isThrownBy(() -> Cassette.builder(file(), NOWHERE).settings(ci).open())
                .withMessageContaining(file().toString())
                .withMessageContaining("PORTOLAN_CASSETTES=record");
        assertThatIllegalStateException()
                .isThrownBy(() -> Cassette.builder(file(), NOWHERE)
                        .settings(ci.with(Cassette.MODE_SETTING, "record"))
                        .open());
        try (Cassette cassette = Cassette.builder(file(), NOWHERE)
                .settings(ci.with("CI", "false"))
                .open()) {
            assertThat(cassette.mode()).isEqualTo(CassetteMode.RECORD);
        }
        assertThat(file()).doesNotExist(); // nothing was asked
    }

    @Test
    void a_provider_that_cannot_be_reached_is_told_and_not_recorded() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:" + free + "/v1")
                .mode(CassetteMode.RECORD)
                .open()) {
            HttpResponse<String> reply = new Client(cassette).send("/x", "{}");
            assertThat(reply.statusCode()).isEqualTo(502);
            assertThat(reply.body()).contains("cannot reach http://127.0.0.1:" + free + "/v1");
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void closing_ends_the_calls_under_way() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (Upstream upstream = new Upstream((request, line) -> {
            asked.countDown();
            line.stall();
            throw new IllegalStateException("not reached");
        })) {
            Cassette cassette = recording(upstream).open();
            Client client = new Client(cassette);
            CompletableFuture<HttpResponse<String>> call = client.sendAsync(client.post("/x", "{}"));
            await(asked);
            cassette.close();
            cassette.close();
            assertThat(call).failsWithin(Duration.ofSeconds(10));
            assertThat(upstream.awaitLeft(1)).isTrue();
        }
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cassette.builder(file(), "openrouter.ai"))
                .withMessageContaining("http");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> replaying().port(70_000))
                .withMessageContaining("70000");
        assertThatIllegalArgumentException().isThrownBy(() -> replaying().scrub(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cassette.builder(file(), NOWHERE)
                        .settings(Settings.of(Map.of(Cassette.MODE_SETTING, "tape")))
                        .open())
                .withMessageContaining("\"tape\"");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Cassette.builder(folder, NOWHERE)
                        .mode(CassetteMode.REPLAY)
                        .open())
                .withMessageContaining(folder.toString());
    }

    @Test
    void text_that_is_not_quite_json_comes_back_as_it_was() throws Exception {
        String body = "{\"a\":1,\"a\":2}\n<tail>";
        try (Upstream upstream = Upstream.json(body);
                Cassette cassette = recording(upstream).open()) {
            new Client(cassette).get("/x");
        }
        try (Cassette cassette = replaying().open()) {
            assertThat(new Client(cassette).get("/x").body()).isEqualTo(body);
        }
        assertThat(written()).contains("\"text\": [\"{\\\"a\\\":1,\\\"a\\\":2}\", \"<tail>\"]");
    }

    @Test
    void a_form_is_recognised_whatever_its_boundary() throws Exception {
        try (Upstream upstream = Upstream.json("{\"text\":\"Ahoy\"}");
                Cassette cassette = recording(upstream).open()) {
            new Client(cassette).send(form(new Client(cassette), "one", "sound"));
        }
        try (Cassette cassette = replaying().open()) {
            Client client = new Client(cassette);
            assertThat(client.send(form(client, "two-two", "sound")).body()).isEqualTo("{\"text\":\"Ahoy\"}");
        }
        assertThat(written())
                .contains(
                        "{\"name\": \"file\", \"filename\": \"a.txt\", \"type\": \"text/plain\", \"text\": [\"sound\"]}")
                .doesNotContain("boundary");
        Cassette cassette = replaying().open();
        Client client = new Client(cassette);
        assertThat(client.send(form(client, "three", "noise")).statusCode()).isEqualTo(400);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .withMessageContaining("-   sound\n+   noise");
    }

    private static HttpRequest form(Client client, String boundary, String content) {
        return client.request("/audio/transcriptions")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofString("--" + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                        + content + "\r\n--" + boundary + "--\r\n"))
                .build();
    }

    @Test
    void head_is_recorded_and_replayed() throws Exception {
        try (Upstream upstream = Upstream.json("{\"a\":1}");
                Cassette cassette = recording(upstream).open()) {
            HttpResponse<String> head = head(cassette);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("X-Generation-Id")).contains("gen-1");
        }
        assertThat(written()).contains("HEAD").doesNotContain("\"end\"");
        try (Cassette cassette = replaying().strict().open()) {
            HttpResponse<String> head = head(cassette);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("X-Generation-Id")).contains("gen-1");
        }
    }

    private static HttpResponse<String> head(Cassette cassette) throws Exception {
        Client client = new Client(cassette);
        return client.send(client.request("/x")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
    }

    @Test
    void headers_beyond_ascii_pass_through() throws Exception {
        String disposition = "Content-Disposition: attachment; filename=\"Größe.png\"";
        try (Upstream upstream = new Upstream((request, line) -> Answer.json(200, new JsonObject())
                        .header("Content-Disposition", disposition.split(": ")[1]));
                Cassette cassette = recording(upstream).open()) {
            assertThat(overTheWire(cassette, "GET /v1/x HTTP/1.1\r\nX-Title: Café\r\n"))
                    .contains(disposition);
            assertThat(upstream.received.get(0).header("X-Title")).contains("Café");
        }
        try (Cassette cassette = replaying().open()) {
            assertThat(overTheWire(cassette, "GET /v1/x HTTP/1.1\r\n")).contains(disposition);
        }
    }

    /** The headers that come back for these lines, by a client that sends them as they are. */
    private static List<String> overTheWire(Cassette cassette, String lines) throws IOException {
        URI address = URI.create(cassette.baseUrl());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(Upstream.utf8(lines + "Host: x\r\n\r\n"));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            List<String> headers = new ArrayList<>();
            for (String line = answer.readLine(); line != null && !line.isEmpty(); line = answer.readLine()) {
                headers.add(line);
            }
            return headers;
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }
}
