package dev.portolan.testkit.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Responder;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    void credentials_in_a_body_are_scrubbed_by_their_names_and_other_members_are_not() throws Exception {
        String ordinary =
                "{\"max_tokens\":5,\"prompt_cache_key\":\"chat-7\",\"tokenizer\":\"GPT\",\"signature\":\"Eq/3\","
                        + "\"code\":\"invalid_api_key\",\"key\":\"colour\",\"image_token\":\"0.003\",\"logprobs\":[{\"token\":\" sea\",\"logprob\":-1}],"
                        + "\"required\":[\"api_key\"],\"properties\":{\"api_key\":{\"type\":\"string\"}},\"is_management_key\":true}";
        String request = "{\"tools\":[{\"headers\":{\"Authorization\":\"Bearer hush-1\",\"X-Api-Key\":[\"hush-2\"]}}],"
                + "\"client_secret\":\"hush-3\",\"apiKey\":\"hush-4\",\"ordinary\":" + ordinary + "}";
        String file = recorded(
                (asked, line) -> text(
                                "application/json",
                                "{\"access_token\":\"hush-5\",\"token\":\"hush-6\",\"o\":" + ordinary + "}")
                        .header("X-RateLimit-Remaining-Tokens", "1999"),
                client -> client.send("/x", request));

        assertThat(file).doesNotContain("hush");
        try (Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:9/v1")
                .mode(CassetteMode.REPLAY)
                .open()) {
            HttpResponse<String> replayed = new Client(cassette).send("/x", request.replace("hush", "other"));
            assertThat(replayed.body()).contains(ordinary);
            assertThat(replayed.headers().firstValue("X-RateLimit-Remaining-Tokens"))
                    .contains("1999");
        }
    }

    @Test
    void credentials_in_forms_are_scrubbed_by_their_names() throws Exception {
        String fields = "grant_type=refresh_token&refresh%5Ftoken=hush-1&client_secret=hush-2&scope=all";
        String parts = "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nhush-3\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n--b--\r\n";
        String file = recorded((request, line) -> text("text/plain", "fine"), client -> {
            client.send(client.request("/x")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(fields))
                    .build());
            client.send(client.request("/x")
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .POST(HttpRequest.BodyPublishers.ofString(parts))
                    .build());
        });

        assertThat(file).doesNotContain("hush").contains("grant_type=refresh_token", "scope=all", "whisper");
    }

    @Test
    void credentials_in_addresses_are_scrubbed_wherever_the_address_stands() throws Exception {
        String signed = "/store/a.png?X-Amz-Expires=60&X-Amz-Signature=hush0123456789&token=hush-and-more";
        String file = recorded(
                (request, line) -> text("application/json", "{\"url\":\"https://s3.example" + signed + "\"}")
                        .header("Location", signed)
                        .header("Link", "<" + signed + ">; rel=\"next\""),
                client -> client.send(
                        client.request("/x?refresh_token=hush1&secret_key=hush2&x-api-key=hush3&api_token=hush4"
                                        + "&max_tokens=8&author=openai")
                                .GET()
                                .build()));

        assertThat(file)
                .doesNotContain("hush")
                .contains("max_tokens=8&author=openai", "X-Amz-Expires=60&X-Amz-Signature=[scrubbed]&token=[scrubbed]")
                .contains("token=[scrubbed]>; rel=");
    }

    @Test
    void keys_of_many_houses_are_scrubbed_by_their_shapes() throws Exception {
        String letters = "0123456789abcdefghijABCDEFGHIJ";
        String[] keys = {
            "gsk_" + letters,
            "xai-" + letters,
            "hf_" + letters,
            "ghp_" + letters,
            "gho_" + letters,
            "github_pat_" + letters,
            "AKIA" + "ABCDEFGHIJ012345",
            "xoxb-" + letters,
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLWl0"
        };
        String file = recorded(
                (request, line) -> text("text/plain", String.join(" ", keys)), client -> client.send("/x", "{}"));

        assertThat(file).doesNotContain(keys).contains("[scrubbed] [scrubbed]");
    }

    @Test
    void what_is_no_exact_event_is_scrubbed_too() throws Exception {
        String odd = "data:{\"user_id\":\"user_1\",\"n\": 1.50}\n\n"
                + "id: 7\nretry: 9\ndata: {\"user_id\":\ndata: \"user_2\"}\n\n"
                + "event: x\nid: 8\ndata: {\"n\": 2.50}\n\n"
                + "data: {\"half\":{\"user_id\":\"user_3";
        String file = recorded(
                (request, line) -> Answer.eventStream(stream -> stream.send(Upstream.utf8(odd))),
                client -> client.send("/x", "{}"));

        assertThat(file).doesNotContain("user_1", "user_2", "user_3");
        try (Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:9/v1")
                .mode(CassetteMode.REPLAY)
                .open()) {
            assertThat(new Client(cassette).send("/x", "{}").body())
                    .isEqualTo("data: {\"user_id\":\"[scrubbed]\",\"n\":1.50}\n\n"
                            + "id: 7\nretry: 9\ndata: {\"user_id\":\"[scrubbed]\"}\n\n"
                            + "event: x\nid: 8\ndata: {\"n\": 2.50}\n\n"
                            + "data: {\"half\":{\"user_id\":\"[scrubbed]");
        }
    }

    @Test
    void lines_without_an_end_are_scrubbed_too() throws Exception {
        String file = recorded(
                (request, line) -> text("application/x-ndjson", "{\"user_id\":\"user_1\"}\n{\"user_id\":\"user_2\"}"),
                client -> client.send("/x", "{}"));

        assertThat(file).doesNotContain("user_1", "user_2");
    }

    @Test
    void an_answer_that_was_cut_is_scrubbed_too() throws Exception {
        String cut = "{\"user_id\" : \"acct_\\\"1\",\"key\":\"" + Client.KEY.replace('0', '9') + "\",\"t\":\"";
        byte[] inCharacter = ByteString.encodeUtf8(cut + "ü").toByteArray();
        byte[] cutInCharacter = Arrays.copyOf(inCharacter, inCharacter.length - 1);

        assertThat(recorded((request, line) -> text("application/json", cut), client -> client.send("/x", "{}")))
                .doesNotContain("acct_", "sk-or");
        recorded(
                (request, line) -> Answer.bytes("application/json", ByteString.of(cutInCharacter)),
                client -> client.send("/x", "{}"));
        try (Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:9/v1")
                .mode(CassetteMode.REPLAY)
                .open()) {
            Client client = new Client(cassette);
            byte[] replayed = client.bytes(client.post("/x", "{}")).body();
            assertThat(new String(replayed, StandardCharsets.ISO_8859_1))
                    .isEqualTo("{\"user_id\" : \"[scrubbed]\",\"key\":\"[scrubbed]\",\"t\":\"\u00c3");
        }
    }

    @Test
    void the_key_never_goes_to_another_host_than_the_providers() throws Exception {
        try (Upstream upstream = Upstream.json("{}");
                Cassette cassette = Cassette.builder(file(), upstream.baseUrl())
                        .mode(CassetteMode.RECORD)
                        .open()) {
            Client client = new Client(cassette);
            URI odd = URI.create(cassette.baseUrl().replace("/v1", "//other.invalid/v1/chat?a=%20b"));

            assertThat(client.send(HttpRequest.newBuilder(odd).GET().build()).statusCode())
                    .isEqualTo(200);
            assertThat(upstream.received.get(0).request().path()).isEqualTo("//other.invalid/v1/chat?a=%20b");
        }
    }

    @Test
    void a_cassette_is_no_proxy() throws Exception {
        try (Upstream upstream = Upstream.json("{}");
                Cassette cassette = Cassette.builder(file(), upstream.baseUrl())
                        .mode(CassetteMode.RECORD)
                        .open()) {
            URI address = URI.create(cassette.baseUrl());
            HttpClient proxied = HttpClient.newBuilder()
                    .proxy(ProxySelector.of(new InetSocketAddress(address.getHost(), address.getPort())))
                    .build();
            HttpResponse<String> refused = proxied.send(
                    HttpRequest.newBuilder(URI.create("http://other.invalid/v1/chat"))
                            .GET()
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("baseUrl()");
            assertThat(upstream.received).isEmpty();
        }
    }

    @Test
    void a_message_names_the_provider_without_its_user() throws Exception {
        try (Cassette cassette = Cassette.builder(file(), "http://me:hush@127.0.0.1:9/v1")
                .mode(CassetteMode.RECORD)
                .open()) {
            assertThat(new Client(cassette).send("/x", "{}").body())
                    .contains("http://127.0.0.1:9/v1")
                    .doesNotContain("hush");
        }
    }

    @Test
    void the_key_of_a_replay_may_be_a_word_of_the_request() throws Exception {
        String body = "{\"model\":\"openrouter/auto\"}";
        recorded((request, line) -> text("application/json", "{}"), client -> client.send("/x", body));
        try (Cassette cassette = Cassette.builder(file(), "http://127.0.0.1:9/v1")
                .mode(CassetteMode.REPLAY)
                .open()) {
            Client client = new Client(cassette);
            HttpRequest request = HttpRequest.newBuilder(
                            client.request("/x").build().uri())
                    .header("Authorization", "Bearer openrouter")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();

            assertThat(client.send(request).statusCode()).isEqualTo(200);
        }
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
