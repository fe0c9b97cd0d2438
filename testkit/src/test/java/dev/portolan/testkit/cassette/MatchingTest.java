package dev.portolan.testkit.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests count as recorded, and what is said of those that do not. */
class MatchingTest {
    private static final String ASKED =
            "{\"model\":\"m\",\"temperature\":0.5,\"seed\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Ahoy\"}]}";

    @TempDir
    private Path folder;

    /** Two equal requests and one of another kind, whose answers are 1, 2 and 3. */
    @BeforeEach
    void record() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (Upstream upstream = new Upstream(
                        (request, line) -> Answer.json(200, new JsonObject().put("n", count.incrementAndGet())));
                Cassette cassette = Cassette.builder(file(), upstream.baseUrl())
                        .mode(CassetteMode.RECORD)
                        .matchHeaders("X-Variant")
                        .open()) {
            Client client = new Client(cassette);
            client.send("/chat", ASKED);
            client.send("/chat", ASKED);
            client.get("/models?b=2&a=1&a=0");
        }
    }

    private Path file() {
        return folder.resolve("talk.json");
    }

    private Cassette.Builder replaying() {
        return Cassette.builder(file(), "http://127.0.0.1:9/v1").mode(CassetteMode.REPLAY);
    }

    @Test
    void order_of_members_and_spelling_of_numbers_do_not_matter() throws Exception {
        try (Cassette cassette = replaying().strict().open()) {
            Client client = new Client(cassette);
            assertThat(client.send(
                                    "/chat",
                                    "{\"messages\": [ {\"content\":\"\\u0041hoy\",\"role\":\"user\"} ],"
                                            + " \"seed\":1.0, \"temperature\":5e-1, \"model\":\"m\"}")
                            .body())
                    .isEqualTo("{\"n\":1}");
            assertThat(client.send("/chat", ASKED).body()).isEqualTo("{\"n\":2}");
            assertThat(client.get("/models?a=1&b=2&a=%30").body()).isEqualTo("{\"n\":3}");
        }
    }

    @Test
    void a_changed_request_is_refused_with_a_diff_to_the_nearest() throws Exception {
        Cassette cassette = replaying().open();
        HttpResponse<String> reply = new Client(cassette).send("/chat", ASKED.replace("0.5", "0.7"));

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.headers().firstValue("x-should-retry")).contains("false");
        JsonObject error = ((JsonObject) JsonText.parse(reply.body())).object("error");
        assertThat(error.integer("code", 0)).isEqualTo(400);
        assertThat(error.string("type")).isEqualTo("cassette_mismatch");
        assertThat(error.string("message"))
                .startsWith(file() + " has no answer for POST /v1/chat. Nearest is interaction 1 of 3")
                .contains("""
                            "model": "m",
                            "seed": 1,
                        -   "temperature": 0.5
                        +   "temperature": 0.7
                          }
                        """)
                .contains("PORTOLAN_CASSETTES=record")
                .doesNotContain(Client.KEY);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::verify)
                .withMessage(error.string("message"));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .withMessage(error.string("message"));
        assertThatNoException().isThrownBy(cassette::close);
    }

    @Test
    void a_request_to_elsewhere_is_refused_too() throws Exception {
        assertRefused("GET", "/models?a=1&a=0", "- b=2");
        assertRefused("GET", "/models?a=0&a=1&b=2", "a=1");
        assertRefused("DELETE", "/models?a=1&a=0&b=2", "- GET /v1/models\n+ DELETE /v1/models");
    }

    private void assertRefused(String method, String path, String difference) throws Exception {
        Cassette cassette = replaying().open();
        Client client = new Client(cassette);
        HttpResponse<String> reply = client.send(client.request(path)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .withMessageContaining(difference);
    }

    @Test
    void each_is_given_once_unless_repeats_are_wanted() throws Exception {
        Cassette cassette = replaying().open();
        Client client = new Client(cassette);
        client.send("/chat", ASKED);
        client.send("/chat", ASKED);
        assertThat(client.send("/chat", ASKED).statusCode()).isEqualTo(400);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .withMessageContaining("no answer left for POST /v1/chat: it was recorded 2 times")
                .withMessageContaining("repeats()");

        try (Cassette repeating = replaying().repeats().open()) {
            Client again = new Client(repeating);
            for (int n : new int[] {1, 2, 2, 2}) {
                assertThat(again.send("/chat", ASKED).body()).isEqualTo("{\"n\":" + n + "}");
            }
        }
    }

    @Test
    void a_strict_cassette_fails_when_something_was_never_asked_for() throws Exception {
        Cassette cassette = replaying().strict().open();
        Client client = new Client(cassette);
        client.send("/chat", ASKED);
        client.get("/models?b=2&a=1&a=0");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .withMessageContaining("interaction 2 of 3, POST /v1/chat, was never asked for")
                .withMessageContaining("\"content\": \"Ahoy\"");
    }

    @Test
    void what_is_ignored_may_differ() throws Exception {
        try (Cassette cassette = replaying()
                .ignoreMembers("seed", "messages.*.content")
                .ignoreParameters("b")
                .open()) {
            Client client = new Client(cassette);
            String other = ASKED.replace("Ahoy", "Hi").replace("\"seed\":1,", "");
            assertThat(client.send("/chat", other).statusCode()).isEqualTo(200);
            assertThat(client.get("/models?a=1&a=0").statusCode()).isEqualTo(200);
        }
        Cassette cassette =
                replaying().ignoreMembers("content", "messages.role").open();
        assertThat(new Client(cassette)
                        .send("/chat", ASKED.replace("Ahoy", "Hi"))
                        .statusCode())
                .isEqualTo(400);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(cassette::close);
    }

    @Test
    void headers_count_when_asked_to() throws Exception {
        Cassette cassette = replaying().matchHeaders("X-Variant").open();
        Client client = new Client(cassette);
        assertThat(client.send(client.request("/models?b=2&a=1&a=0")
                                .header("X-Variant", "new")
                                .GET()
                                .build())
                        .statusCode())
                .isEqualTo(400);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .withMessageContaining("+ x-variant: new");
    }

    @Test
    void a_long_prompt_is_shown_where_it_differs() throws IOException, InterruptedException {
        String prompt = "word ".repeat(400);
        try (Upstream upstream = Upstream.json("{}");
                Cassette cassette = Cassette.builder(file(), upstream.baseUrl())
                        .mode(CassetteMode.RECORD)
                        .open()) {
            new Client(cassette).send("/chat", "{\"p\":\"" + prompt + "old" + prompt + "\"}");
        }
        Cassette cassette = replaying().open();
        new Client(cassette).send("/chat", "{\"p\":\"" + prompt + "new" + prompt + "\"}");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cassette::close)
                .satisfies(error -> assertThat(error.getMessage())
                        .contains("word old", "word new")
                        .hasSizeLessThan(1200));
    }
}
