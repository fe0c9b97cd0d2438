package dev.portolan.testkit.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Responder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that is secret reaches the file, wherever it was said. */
class SecretsTest {
    private static final String KEY = "Zq7-plainlooking-credential";

    @TempDir
    private Path folder;

    private interface Asking {
        void ask(Client client) throws Exception;
    }

    private Path file() {
        return folder.resolve("talk.json");
    }

    private String recorded(Responder provider, Asking asking) throws Exception {
        return recorded(provider, asking, settings -> settings);
    }

    private String recorded(Responder provider, Asking asking, UnaryOperator<Cassette.Builder> settings)
            throws Exception {
        Files.deleteIfExists(file());
        try (Upstream upstream = new Upstream(provider);
                Cassette cassette = settings.apply(Cassette.builder(file(), upstream.baseUrl()))
                        .mode(CassetteMode.RECORD)
                        .open()) {
            asking.ask(new Client(cassette));
        }
        return Files.readString(file());
    }

    private static HttpRequest with(Client client, String header, String value) {
        return client.request("/x").header(header, value).GET().build();
    }

    private static Answer text(String type, String body) {
        return Answer.bytes(type, ByteString.encodeUtf8(body));
    }

    @Test
    void a_key_that_an_answer_repeats_is_scrubbed() throws Exception {
        for (String header : new String[] {"Authorization", "x-api-key", "Api-Key", "X-Goog-Api-Key", "X-Auth-Token"}) {
            String file = recorded(
                    (request, line) -> text(
                                    "application/json", "{\"error\":\"Key " + KEY + " is off\",\"" + KEY + "\":1}")
                            .header("X-Request-Id", "r-" + KEY),
                    client -> client.send(client.request("/y/" + KEY + "?q=" + KEY)
                            .header(header, header.equals("Authorization") ? "Bearer " + KEY : KEY)
                            .POST(HttpRequest.BodyPublishers.ofString("my key is " + KEY))
                            .build()));

            assertThat(file)
                    .as(header)
                    .doesNotContain(KEY)
                    .contains("Key [scrubbed] is off", "my key is [scrubbed]", "r-[scrubbed]", "/y/[scrubbed]");
        }
    }

    @Test
    void a_key_that_is_split_across_the_pieces_of_a_stream_is_scrubbed() throws Exception {
        String wire = "data: {\"d\":{\"c\":\"It is " + KEY + ".\"}}\n\n";
        int middle = wire.indexOf(KEY) + 7;
        String first = KEY.substring(0, 9);
        String second = KEY.substring(9, 12);
        String third = KEY.substring(12);
        String file = recorded(
                (request, line) -> Answer.eventStream(stream -> {
                    stream.send(Upstream.utf8(wire.substring(0, middle))); // by the network
                    stream.send(Upstream.utf8(wire.substring(middle)));
                    for (String bit : new String[] {"So " + first, second, third + " it is"}) { // by the model
                        stream.send(Upstream.utf8("data: {\"choices\":[{\"index\":1,\"d\":\"" + bit + "\"}]}\n\n"));
                        stream.send(Upstream.utf8("data: {\"choices\":[{\"index\":0,\"d\":\"other\"}]}\n\n"));
                    }
                }),
                client -> client.send(with(client, "X-Api-Key", KEY)));

        assertThat(file)
                .doesNotContain(KEY, first, third)
                .contains("It is [scrubbed].", "\"So [scrubbed]\"", "\"d\": \"\"", "\" it is\"");
    }

    @Test
    void a_key_in_other_spellings_is_scrubbed() throws Exception {
        String escaped = KEY.replace("-", "\\u002d");
        String login = Base64.getEncoder().encodeToString(("me:" + KEY).getBytes(StandardCharsets.UTF_8));
        byte[] binary = ("\u00ff\u00fe" + KEY + "\u00fd").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(recorded(
                        (request, line) -> text("application/json", "{\"e\":\"" + escaped + "\"}"),
                        client -> client.send(with(client, "X-Api-Key", KEY))))
                .doesNotContain(KEY, escaped);
        assertThat(recorded(
                        (request, line) -> text("text/plain", login + " " + KEY),
                        client -> client.send(with(client, "X-Upstream-Authorization", "Basic " + login))))
                .doesNotContain(KEY, login);
        assertThat(recorded(
                        (request, line) -> Answer.bytes("audio/mpeg", ByteString.of(binary)),
                        client -> client.bytes(with(client, "X-Api-Key", KEY))))
                .doesNotContain(ByteString.of(binary).base64().substring(4, 30));
    }

    @Test
    void cookies_and_keys_in_the_address_are_scrubbed() throws Exception {
        String file = recorded(
                (request, line) -> text("text/plain", "hello s3ss10n-0f-m1ne and " + KEY)
                        .header("Set-Cookie", "sid=another0ne4me")
                        .header("X-Organization", "acme"),
                client -> client.send(client.request("/x?api_key=" + KEY + "&author=openai")
                        .header("Cookie", "a=1; sid=s3ss10n-0f-m1ne")
                        .GET()
                        .build()));

        assertThat(file)
                .doesNotContain("s3ss10n", KEY, "another0ne4me", "acme", Client.KEY)
                .contains("api_key=[scrubbed]&author=openai", "hello [scrubbed] and [scrubbed]");
    }

    @Test
    void accounts_and_keys_shown_in_part_are_scrubbed() throws Exception {
        String file = recorded(
                (request, line) -> text(
                        "application/json",
                        "{\"error\":{\"code\":400,\"message\":\"No\"},\"user_id\":\"user_2abc\",\"data\":{\"account_id\":4711,"
                                + "\"label\":\"sk-or-v1-0e6...1c96\",\"other\":\"sk-proj-abcdefghijklmnopqrst\"}}"),
                client -> client.send(
                        "/x",
                        "{\"user\":\"ann@example.org\",\"tools\":[{\"user_id\":{\"type\":\"string\"}}],"
                                + "\"messages\":[{\"role\":\"user\"}]}"));

        assertThat(file)
                .doesNotContain("user_2abc", "4711", "0e6", "sk-proj", "ann@")
                .contains("\"user_id\": {\"type\": \"string\"}", "\"role\": \"user\"");
        try (Cassette cassette = Cassette.builder(folder.resolve("talk.json"), "http://127.0.0.1:9/v1")
                .mode(CassetteMode.REPLAY)
                .open()) {
            assertThat(new Client(cassette)
                            .send(
                                    "/x",
                                    "{\"user\":\"bob\",\"tools\":[{\"user_id\":{\"type\":\"string\"}}],"
                                            + "\"messages\":[{\"role\":\"user\"}]}")
                            .body())
                    .contains("\"account_id\":0");
        }
    }

    @Test
    void what_the_user_names_is_scrubbed() throws Exception {
        String file = recorded(
                (request, line) -> text(
                                "application/json", "{\"iban\":\"CH93 0076\",\"n\":\"ref 123-45\",\"w\":\"a pw b\"}")
                        .header("X-Trace", "kept")
                        .header("X-Secret-Trace", "gone"),
                client -> client.send("/x", "{\"iban\":\"DE12\"}"),
                settings -> settings.scrubMembers("iban")
                        .scrub(Pattern.compile("\\d{3}-\\d{2}"))
                        .scrub("pw")
                        .keepHeaders("x-trace", "x-secret-trace", "authorization"));

        assertThat(file)
                .doesNotContain("CH93", "DE12", "123-45", "pw", "gone", Client.KEY)
                .contains("\"ref [scrubbed]\"", "\"a [scrubbed] b\"", "\"X-Trace\": \"kept\"")
                .containsPattern("(?i)\"X-Secret-Trace\": \"\\[scrubbed\\]\"")
                .containsPattern("(?i)\"Authorization\": \"\\[scrubbed\\]\"");
    }

    @Test
    void another_key_matches_the_recording_and_is_in_no_message() throws Exception {
        recorded(
                (request, line) -> text("application/json", "{\"ok\":true}"),
                client -> client.send("/x", "{\"echo\":\"" + Client.KEY + "\"}"));
        String other = "another-key-of-mine";
        Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:9/v1")
                .mode(CassetteMode.REPLAY)
                .open();
        Client client = new Client(cassette);

        assertThat(client.send(client.request("/x")
                                .header("X-Api-Key", other)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"echo\":\"" + other + "\"}"))
                                .build())
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.send(client.request("/x")
                                .header("X-Api-Key", other)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"changed\":\"" + other + "\"}"))
                                .build())
                        .body())
                .contains("changed")
                .doesNotContain(other);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain(other));
    }
}
