package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of other languages insist on. */
class OtherClientsTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void the_api_is_at_v1_too_and_faults_know_no_difference() throws Exception {
        simulator.faults().on("/chat/completions").next(Fault.status(503));
        HttpRequest request = shortPath("/v1/chat/completions").build();

        assertThat(wire.send(request).status()).isEqualTo(503);
        assertThat(wire.send(request).content()).isNotEmpty();
        assertThat(simulator.requests())
                .allSatisfy(each -> assertThat(each.apiPath()).isEqualTo("/chat/completions"));
        assertThat(wire.send(shortPath("/v2/chat/completions").build()).status())
                .isEqualTo(404);
    }

    private HttpRequest.Builder shortPath(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + path))
                .header("Authorization", "Bearer any")
                .POST(BodyPublishers.ofString(ask("Hi")));
    }

    @Test
    void head_is_answered_as_get_without_the_body() throws Exception {
        Wire.Reply head = wire.send(
                wire.request("/models").method("HEAD", BodyPublishers.noBody()).build());
        Wire.Reply get = wire.get("/models");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length"))
                .isEqualTo(get.header("Content-Length"))
                .isNotEmpty();
        HttpRequest control = HttpRequest.newBuilder(URI.create(simulator.controlUrl() + "/status"))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        assertThat(wire.send(control).status()).isEqualTo(200);
        assertThat(wire.send(wire.request("/chat/completions")
                                .method("HEAD", BodyPublishers.noBody())
                                .build())
                        .status())
                .isEqualTo(405);
        simulator.enqueue(CannedResponse.sse("data: [DONE]\n\n"));
        assertThat(wire.send(wire.request("/models")
                                .method("HEAD", BodyPublishers.noBody())
                                .build())
                        .header("Content-Type"))
                .isEqualTo("text/event-stream");
        assertThat(wire.get("/models").status()).as("on the same connection").isEqualTo(200);
    }

    @Test
    void a_page_in_a_browser_may_call_the_api() throws Exception {
        Wire.Reply allowed = wire.send(wire.request("/chat/completions")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://example.com")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .build());

        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(allowed.header("Access-Control-Allow-Headers")).isEqualTo("authorization,content-type");
        assertThat(allowed.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(simulator.requests()).as("the browser's own question").isEmpty();

        Wire.Reply answered = wire.chat(ask("Hi"), "Origin", "https://example.com");
        assertThat(answered.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answered.header("Access-Control-Expose-Headers")).contains("X-Generation-Id");
        assertThat(wire.chat(ask("Hi")).header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void a_page_in_a_browser_may_not_read_the_books_or_script_faults() throws Exception {
        HttpRequest.Builder faults = HttpRequest.newBuilder(URI.create(simulator.controlUrl() + "/faults"))
                .POST(BodyPublishers.ofString("{\"fault\":\"status 503\"}"))
                .header("Origin", "https://example.com");

        assertThat(wire.send(faults.build()).status()).isEqualTo(403);
        assertThat(simulator.faults().scripted()).isEmpty();
    }

    /** As a member it may be absent, but not null, says the schema of a chunk (openapi-subset.yaml, ChatStreamChunk). */
    @Test
    void a_chunk_has_no_fingerprint_rather_than_null() throws Exception {
        assertThat(wire.streamText(ask("Hi")).body()).doesNotContain("system_fingerprint");
        assertThat(wire.chat(ask("Hi")).json().has("system_fingerprint")).isTrue();
    }

    @Test
    void a_key_and_an_endpoint_have_the_members_that_the_official_client_requires() throws Exception {
        JsonObject key = wire.get("/key").data();
        assertThat(key.array("allowed_data_regions").strings()).isNotEmpty();
        assertThat(key.object("free_model_daily_requests")).isNotNull();
        assertThat(key.has("organization_id")).isTrue();
        assertThat(key.has("workspace_id")).isTrue();

        JsonObject endpoint = wire.get("/models/openai/gpt-4o-mini/endpoints")
                .data()
                .array("endpoints")
                .objects()
                .get(0);
        JsonObject choices = Objects.requireNonNull(endpoint.object("supports_tool_choice"));
        assertThat(choices.names()).containsExactlyInAnyOrder("auto", "none", "required", "function");
        assertThat(choices.isTrue("required")).isTrue();
    }

    /** LiteLLM asks for images so. */
    @Test
    void a_model_that_paints_does_so_unless_the_request_wants_text_only() throws Exception {
        String painter = "google/gemini-2.5-flash-image";
        Wire.Reply unsaid = wire.chat(askModel(painter, "A sunset"));
        assertThat(unsaid.message().array("images").objects()).hasSize(1);
        assertThat(unsaid.content()).isNotEmpty();

        Wire.Reply textOnly = wire.chat(askModel(painter, "A sunset", "\"modalities\":[\"text\"]"));
        assertThat(textOnly.message().has("images")).isFalse();
    }

    @Test
    void it_listens_where_it_is_told() throws Exception {
        try (OpenRouterSimulator everywhere =
                OpenRouterSimulator.builder().host("0.0.0.0").start()) {
            assertThat(everywhere.baseUrl()).isEqualTo("http://127.0.0.1:" + everywhere.port() + "/api/v1");
            assertThat(new Wire(everywhere).chat(ask("Hi")).status()).isEqualTo(200);
        }
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(
                        () -> OpenRouterSimulator.builder().host("192.0.2.1").start())
                .withMessageContaining("192.0.2.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenRouterSimulator.builder().host(" "));
    }
}
