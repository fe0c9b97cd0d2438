package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.CallOptions;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private static final HttpConfig CONFIG = HttpConfig.of(
            "OpenRouter",
            URI.create("https://openrouter.ai/api/v1"),
            Map.of("Authorization", "Bearer " + Loopback.KEY, "X-Title", "configured", "User-Agent", "portolan"));

    private static Map<String, String> merged(Map<String, String> options, CallOptions call) {
        try (HttpTransport transport = new HttpTransport(CONFIG)) {
            return new LinkedHashMap<>(transport.headers(options, call));
        }
    }

    @Test
    void the_configured_headers_go_with_every_call() {
        assertThat(merged(Map.of(), CallOptions.DEFAULT)).isEqualTo(CONFIG.headers());
    }

    @Test
    void options_replace_configured_headers_and_the_caller_replaces_both_one_by_one() {
        Map<String, String> options = Map.of("X-Title", "options", "X-Cache", "options");
        CallOptions call = CallOptions.DEFAULT.withHeader("X-Cache", "caller").withHeader("X-More", "caller");

        assertThat(merged(options, call))
                .containsOnly(
                        Map.entry("Authorization", "Bearer " + Loopback.KEY),
                        Map.entry("User-Agent", "portolan"),
                        Map.entry("X-Title", "options"),
                        Map.entry("X-Cache", "caller"),
                        Map.entry("X-More", "caller"));
    }

    @Test
    void case_does_not_matter_and_a_name_is_spelled_as_by_its_last_writer() {
        assertThat(merged(Map.of("x-TITLE", "options"), CallOptions.DEFAULT))
                .containsEntry("x-TITLE", "options")
                .doesNotContainKey("X-Title")
                .hasSize(3);
        assertThat(merged(Map.of("x-TITLE", "options"), CallOptions.DEFAULT.withHeader("x-title", "caller")))
                .containsEntry("x-title", "caller")
                .doesNotContainKeys("X-Title", "x-TITLE")
                .hasSize(3);
    }

    @Test
    void a_name_is_spelled_as_by_its_last_writer_when_that_one_writes_many() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("x-title", "options");
        for (int i = 0; i < 10; i++) {
            options.put("X-" + i, "options");
        }

        assertThat(merged(options, CallOptions.DEFAULT))
                .containsEntry("x-title", "options")
                .doesNotContainKey("X-Title")
                .hasSize(13);
    }

    @Test
    void each_header_is_sent_once() throws Exception {
        try (Loopback wire = new Loopback()) {
            wire.server.enqueue(Loopback.response(200).body("{}").build());
            CallOptions call = CallOptions.DEFAULT.withHeader("AUTHORIZATION", "Bearer other");
            wire.send(wire.api.chat(wire.transport.headers(Map.of("X-Cache", "1"), call), new JsonBody(Map.of())), call)
                    .close();

            RecordedRequest request = wire.server.takeRequest();
            assertThat(request.getHeaders().values("Authorization")).containsExactly("Bearer other");
            assertThat(request.getHeaders().names()).contains("AUTHORIZATION", "X-Cache");
            assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        }
    }

    /** Else the body would be wrapped in one that is not one-shot, and could be sent and charged twice. */
    @Test
    void the_type_of_a_body_is_its_own() throws Exception {
        CallOptions call = CallOptions.DEFAULT.withHeader("content-type", "text/plain");
        try (Loopback wire = new Loopback(config -> new HttpConfig(
                config.provider(),
                config.baseUrl(),
                Map.of("CONTENT-TYPE", "text/html"),
                config.timeouts(),
                config.retries(),
                config.limits(),
                true))) {
            for (CallOptions options : List.of(CallOptions.DEFAULT, call)) {
                Map<String, String> headers = wire.transport.headers(Map.of(), options);
                assertThat(wire.api
                                .chat(headers, new JsonBody(Map.of()))
                                .request()
                                .body()
                                .isOneShot())
                        .isTrue();
            }
        }
    }

    @Test
    void no_header_value_is_in_any_text() {
        HttpConfig config = CONFIG.withPlainHttp(true);
        CallOptions call = CallOptions.DEFAULT.withHeader("X-Key", Loopback.KEY);

        assertThat(config.toString()).contains("Authorization").doesNotContain(Loopback.KEY, "Bearer", "configured");
        assertThat(call.toString()).contains("X-Key").doesNotContain(Loopback.KEY);
        try (HttpTransport transport = new HttpTransport(config)) {
            assertThat(transport.toString()).doesNotContain(Loopback.KEY);
        }
    }

    @Test
    void a_configuration_keeps_its_own_copy_of_the_headers() {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("a", "1"));
        HttpConfig config = HttpConfig.of("OpenRouter", CONFIG.baseUrl(), headers);
        headers.put("b", "2");

        assertThat(config.headers()).containsOnlyKeys("a");
    }
}
