package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.CallOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.PortolanException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import mockwebserver3.MockResponse;
import okhttp3.Headers;
import okhttp3.Request;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No key leaves the program but to the server it is for, and none is shown; nor does a server fill the memory. */
@Timeout(30)
class SecretsTest {
    /** Of every shape that a key may have, not only OpenRouter's. */
    @SuppressWarnings("unused") // named below
    static final List<String> KEYS = List.of(
            Loopback.KEY,
            "0123456789abcdef0123456789abcdef",
            "abcd",
            "12345678",
            "a/b+c==/dGVzdA",
            "quote\"and\\back\\\\slash",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r",
            "null",
            "message",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

    private static String shown(Throwable failure) {
        StringWriter out = new StringWriter();
        failure.printStackTrace(new PrintWriter(out, true));
        PortolanException ours = (PortolanException) failure;
        ErrorDetails details = ours.details();
        String values = Stream.of(
                        details.code(),
                        details.errorType(),
                        details.upstream(),
                        details.upstreamCode(),
                        details.requestId(),
                        details.generationId(),
                        details.fallbackModels())
                .map(value -> Objects.toString(value, ""))
                .collect(Collectors.joining("\n"));
        RawJson raw = details.raw();
        return out + "\n" + details + "\n" + values + "\n" + (raw == null ? "" : raw.text() + decoded(raw));
    }

    private static String decoded(RawJson raw) {
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(raw.text()))) {
            return String.valueOf(reader.readJsonValue());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Loopback withKey(String key) {
        return new Loopback(
                config -> HttpConfig.of(config.provider(), config.baseUrl(), Map.of("Authorization", "Bearer " + key)));
    }

    private static String unicode(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> out.append(String.format("\\u%04X", c)));
        return out.toString();
    }

    @Nested
    class Echoes {
        private void checkSilent(String key, PortolanException failure) {
            assertThat(shown(failure).replace("\\", "").replace("message", key.equals("message") ? "" : "message"))
                    .doesNotContain(key.replace("\\", "").isEmpty() ? "\u0000" : key.replace("\\", ""));
        }

        @ParameterizedTest
        @FieldSource("dev.portolan.transport.retrofit.SecretsTest#KEYS")
        void a_key_that_a_server_repeats_is_shown_nowhere(String key) {
            String json = RawJson.of(key).text();
            String escaped = json.substring(1, json.length() - 1);
            String inside =
                    RawJson.of("{\"error\":{\"code\":\"" + escaped + "\"}}").text();
            try (Loopback wire = withKey(key)) {
                for (String echo : List.of(escaped, escaped.replace("/", "\\/"), unicode(key))) {
                    String body = "{\"error\":{\"message\":\"Bad key '" + echo + "' given\",\"code\":\"" + echo
                            + "\",\"type\":\"" + echo + "\",\"metadata\":{\"provider_name\":\"" + echo
                            + "\",\"provider_code\":\"" + echo + "\",\"raw\":" + inside
                            + "},\"availability\":{\"fallback_models\":[\"" + echo + "\"]}},\"request_id\":\""
                            + echo + "\"}";
                    checkSilent(key, wire.refusal(401, body));
                    checkSilent(key, wire.refusal(401, "<html>" + key + "</html>"));
                    checkSilent(key, wire.refusal(401, "\"" + echo + "\""));
                    checkSilent(key, wire.refusal(401, "{\"error\":\"" + echo + "\"}"));
                    checkSilent(key, wire.refusal(401, "{\"error\":{\"code\":1,\"x\":12345678}}"));
                    checkSilent(
                            key,
                            wire.refusal(Loopback.response(429)
                                    .setHeader("X-Request-Id", key)
                                    .setHeader("X-Generation-Id", key)
                                    .setHeader("Retry-After", key)
                                    .body("")));
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {Loopback.KEY, "0123456789abcdef0123456789abcdef", "a/b+c==/dGVzdA0123456"})
        void a_key_that_is_cut_off_is_shown_nowhere(String key) {
            try (Loopback wire = withKey(key)) {
                for (int length = 8; length < key.length(); length++) {
                    String cut = key.substring(0, length);
                    PortolanException failure = wire.refusal(
                            401, "{\"error\":{\"message\":\"" + "x".repeat(400 - length) + " " + cut + "…\"}}");

                    assertThat(shown(failure)).doesNotContain(cut);
                }
            }
        }

        @Test
        void a_key_that_our_own_limit_cuts_is_shown_nowhere() {
            String key = "0123456789abcdef0123456789abcdef";
            try (Loopback wire = withKey(key)) {
                for (int before = 360; before < 405; before++) {
                    PortolanException failure =
                            wire.refusal(401, "{\"error\":{\"message\":\"" + "x".repeat(before) + " " + key + " y\"}}");

                    assertThat(shown(failure)).doesNotContain("01234");
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"Authorization", "X-Api-Key", "Ocp-Apim-Subscription-Key", "X-Auth-Token", "Cookie"})
        void the_headers_of_one_call_are_secret_too(String name) throws Exception {
            String key = "of-one-call-0123456789";
            String value = name.equals("Cookie") ? "theme=dark; session=" + key : key;
            try (Loopback wire = new Loopback()) {
                wire.server.enqueue(Loopback.response(400)
                        .body("{\"error\":{\"message\":\"got " + key + " and dark\"}}")
                        .build());
                CallOptions call = CallOptions.DEFAULT.withHeader(name, value);
                PortolanException failure = Loopback.failure(() ->
                        wire.send(wire.api.chat(wire.transport.headers(Map.of(), call), new JsonBody(Map.of())), call));

                assertThat(shown(failure)).doesNotContain(key).contains("got …");
                assertThat(call.toString()).doesNotContain(key);
            }
        }

        @Test
        void a_server_that_does_not_speak_http_is_quoted_without_the_key() {
            String key = "0123456789abcdef0123456789abcdef";
            try (Loopback wire = withKey(key)) {
                PortolanException failure = wire.refusal(new MockResponse.Builder().status("SSH-2.0 Bearer " + key));

                assertThat(failure).isExactlyInstanceOf(ConnectionException.class);
                assertThat(shown(failure)).contains("SSH-2.0 Bearer …").doesNotContain(key);
            }
        }

        @Test
        void what_is_no_secret_stays_as_it_is() {
            Secrets secrets = Secrets.of(new Request.Builder()
                    .url("http://127.0.0.1/")
                    .header("Authorization", "Bearer abcdefgh01234567")
                    .header("X-Title", "Some title")
                    .build());
            String text = "Bearer of Some title: abcdefg, h01234567 \\u0061 \\\\ \\/ ü";

            assertThat(secrets.without(text)).isEqualTo(text);
            assertThat(secrets.removedFrom(RawJson.parse("{\"a\":1.10}")).text())
                    .isEqualTo("{\"a\":1.10}");
            assertThat(secrets).hasToString("Secrets[1]");
            Headers headers = Headers.of("X-Request-Id", "1", "Retry-After", "5");
            assertThat(secrets.removedFrom(headers)).isEqualTo(headers);
        }

        @Test
        void a_megabyte_full_of_beginnings_takes_no_time() {
            Secrets secrets = new Secrets(List.of("a".repeat(200) + "b"));

            assertThat(secrets.without("a".repeat(1 << 20))).isEqualTo("…");
            assertThat(secrets.without("\\".repeat(1 << 17))).hasSize(1 << 17);
        }
    }

    @Nested
    class Redirects {
        @Test
        void a_redirect_is_not_followed_and_only_the_host_it_points_to_is_told() {
            try (Loopback wire = new Loopback()) {
                for (int status : new int[] {301, 302, 303, 307, 308}) {
                    PortolanException failure = wire.refusal(Loopback.response(status)
                            .setHeader(
                                    "Location", "https://user:pass@elsewhere.example/v2/" + Loopback.KEY + "?token=1"));

                    assertThat(failure)
                            .isExactlyInstanceOf(InvalidRequestException.class)
                            .hasMessage("OpenRouter answered " + status + " for acme/large-1. It points to"
                                    + " https://elsewhere.example. Set the base URL to where it points; redirects are"
                                    + " not followed, because the key would go along.");
                    assertThat(shown(failure)).doesNotContain("user", "token=1", Loopback.KEY);
                }
                assertThat(wire.server.getRequestCount()).isEqualTo(5);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/elsewhere", "::::", "javascript:alert(1)", "https://"})
        void a_redirect_to_nowhere_is_an_error_all_the_same(String target) {
            try (Loopback wire = new Loopback()) {
                assertThat(wire.refusal(Loopback.response(302).setHeader("Location", target)))
                        .isExactlyInstanceOf(InvalidRequestException.class)
                        .hasMessageStartingWith("OpenRouter answered 302 for acme/large-1. Set the base URL");
            }
        }
    }

    @Nested
    class Configuration {
        @ParameterizedTest
        @ValueSource(strings = {"secret\r\nX-More: 1", "secret\n", "secret\u0000", "secret\u007f", "sécret"})
        void a_header_that_could_smuggle_in_another_is_refused_without_its_value(String value) {
            assertThatThrownBy(() -> HttpConfig.of("P", URI.create("https://p"), Map.of("X-Key", value)))
                    .isExactlyInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("X-Key")
                    .hasMessageNotContaining("cret")
                    .hasNoCause();
        }

        @Test
        void a_header_name_that_could_smuggle_in_another_is_refused() {
            assertThatThrownBy(() -> HttpConfig.of("P", URI.create("https://p"), Map.of("X\r\nY", "secret")))
                    .isExactlyInstanceOf(ConfigurationException.class)
                    .hasMessageNotContaining("secret")
                    .hasMessageNotContaining("\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"http://openrouter.ai/api/v1", "http://10.0.0.1/v1", "HTTP://localhost.example/v1"})
        void plain_http_to_another_host_is_refused_unless_it_is_allowed(String url) {
            HttpConfig config = HttpConfig.of("P", URI.create(url), Map.of());

            assertThatThrownBy(() -> new HttpTransport(config))
                    .isExactlyInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("plain http would show the API key to the network");
            new HttpTransport(config.withPlainHttp(true)).close();
        }

        @Test
        void plain_http_for_one_call_is_refused_too() {
            try (HttpTransport transport = new HttpTransport(HttpConfig.of("P", URI.create("https://p"), Map.of()))) {
                assertThatThrownBy(() -> transport.api(Loopback.Api.class, URI.create("http://u:secret@p/?k=secret")))
                        .isExactlyInstanceOf(ConfigurationException.class)
                        .hasMessageNotContaining("secret");
            }
        }
    }

    @Nested
    class Encryption {
        /** Made by the JDK's own tool, as the JDK has no public way to make a certificate. */
        private static SSLContext selfSigned(Path folder) throws Exception {
            Path store = folder.resolve("store.p12");
            Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
            Assumptions.assumeTrue(tool.toFile().canExecute(), "this is no JDK");
            Process keytool = new ProcessBuilder(
                            tool.toString(),
                            "-genkeypair",
                            "-keystore",
                            store.toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            "password",
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=DNS:localhost,IP:127.0.0.1")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            assertThat(keytool.waitFor(20, TimeUnit.SECONDS)).isTrue();
            KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, "password".toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        }

        @Test
        void a_server_whose_certificate_nobody_vouches_for_gets_no_request(@TempDir Path folder) throws Exception {
            try (Loopback wire = new Loopback()) {
                wire.server.useHttps(selfSigned(folder).getSocketFactory());
                wire.server.enqueue(Loopback.response(200).body("{}").build());
                HttpConfig config = HttpConfig.of(
                        "OpenRouter",
                        URI.create("https://localhost:" + wire.server.getPort()),
                        Map.of("Authorization", "Bearer " + Loopback.KEY));
                try (HttpTransport transport = new HttpTransport(config)) {
                    PortolanException failure = Loopback.failure(() -> transport.send(
                            transport.api(Loopback.Api.class).models(config.headers()),
                            Loopback.MODEL,
                            CallOptions.DEFAULT));

                    assertThat(failure)
                            .isExactlyInstanceOf(ConnectionException.class)
                            .hasMessageStartingWith("Cannot reach OpenRouter at localhost: ");
                    assertThat(failure.mayBeCharged()).isFalse();
                }
                assertThat(wire.server.getRequestCount()).isZero();
            }
        }
    }

    @Nested
    class Sizes {
        private static final HttpConfig.Limits SMALL = new HttpConfig.Limits(2_000, 10_000);

        private static MockResponse.Builder zipped(String piece, int times) throws IOException {
            Buffer body = new Buffer();
            try (BufferedSink gzip = Okio.buffer(new GzipSink(body))) {
                for (int i = 0; i < times; i++) {
                    gzip.writeUtf8(piece);
                }
            }
            return Loopback.response(200).setHeader("Content-Encoding", "gzip").body(body);
        }

        private static PortolanException blocking(MockResponse.Builder response) {
            try (Loopback wire = new Loopback(config -> config.withLimits(SMALL))) {
                wire.server.enqueue(response.build());
                return Loopback.failure(() -> {
                    try (Answer answer = wire.send()) {
                        answer.json(JsonReader::readJsonValue);
                    }
                });
            }
        }

        @Test
        void an_answer_that_is_too_long_is_not_read_to_its_end() throws Exception {
            for (MockResponse.Builder response : List.of(
                    Loopback.response(200).body("[" + "1,".repeat(10_000) + "1]"), zipped(" ".repeat(1 << 16), 500))) {
                assertThat(blocking(response))
                        .isExactlyInstanceOf(MalformedResponseException.class)
                        .hasMessageContaining("the answer is longer than 10000 bytes");
            }
        }

        @Test
        void a_stream_is_broken_off_by_an_event_that_is_too_long_even_if_it_came_packed() throws Exception {
            for (String piece : List.of("data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ": comment ", "data: x\n", "event:")) {
                try (Loopback wire = new Loopback(config -> config.withLimits(SMALL))) {
                    wire.server.enqueue(zipped(piece, 30_000).build());
                    PortolanException failure = Loopback.failure(() -> {
                        try (Answer answer = wire.send()) {
                            try {
                                answer.events().next();
                            } catch (TooLongException e) {
                                throw answer.broken(String.valueOf(e.getMessage()), e, null, null);
                            }
                        }
                    });
                    assertThat(failure).isExactlyInstanceOf(BrokenStreamException.class);
                }
            }
        }

        @Test
        void an_error_that_unpacks_to_far_more_is_read_to_a_limit_only() throws Exception {
            try (Loopback wire = new Loopback()) {
                PortolanException failure =
                        wire.refusal(zipped(" ".repeat(1 << 16), 1 << 10).code(401));

                assertThat(failure).hasMessageStartingWith("OpenRouter answered 401 for acme/large-1. ");
            }
        }
    }
}
