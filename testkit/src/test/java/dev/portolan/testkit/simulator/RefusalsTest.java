package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {
    private final OpenRouterSimulator simulator =
            OpenRouterSimulator.builder().apiKey("sk-or-v1-right").start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void without_a_key_the_answer_is_401() throws Exception {
        for (String authorization : new String[] {"", "Bearer  ", "Basic abc"}) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/chat/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(ask("Hi")));
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }
            Wire.Reply reply = wire.send(request.build());

            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.body()).isEqualTo("{\"error\":{\"code\":401,\"message\":\"No auth credentials found\"}}");
        }
    }

    @Test
    void a_wrong_key_is_refused_only_where_one_was_set() throws Exception {
        HttpRequest wrong = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/chat/completions"))
                .header("Authorization", "Bearer sk-or-v1-wrong")
                .POST(HttpRequest.BodyPublishers.ofString(ask("Hi")))
                .build();
        assertThat(wire.send(wrong).status()).isEqualTo(401);
        assertThat(simulator.apiKey()).isEqualTo("sk-or-v1-right");

        try (OpenRouterSimulator open = OpenRouterSimulator.start()) {
            HttpRequest any = HttpRequest.newBuilder(URI.create(open.baseUrl() + "/chat/completions"))
                    .header("authorization", "bearer whatever")
                    .POST(HttpRequest.BodyPublishers.ofString(ask("Hi")))
                    .build();
            assertThat(wire.send(any).status()).isEqualTo(200);
        }
    }

    @Test
    void unknown_paths_and_methods_are_refused_with_json() throws Exception {
        Wire.Reply noPath = wire.send(wire.request("/nowhere").GET().build());
        assertThat(noPath.status()).isEqualTo(404);
        assertThat(noPath.error().number("code")).isEqualByComparingTo("404");
        assertThat(noPath.error().string("message"))
                .contains("/chat/completions, ", "/models/{author}/{slug}/endpoints");
        assertThat(wire.post("/responses", "{}").error().string("message"))
                .endsWith("the simulator has no /responses; use /chat/completions");
        assertThat(wire.post("/images/generations", "{}").error().string("message"))
                .endsWith("use /images");

        Wire.Reply noMethod =
                wire.send(wire.request("/chat/completions?x=1").GET().build());
        assertThat(noMethod.status()).isEqualTo(405);
        assertThat(noMethod.header("Allow")).isEqualTo("POST");
        assertThat(noMethod.error().number("code")).isEqualByComparingTo("405");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{} {}",
                "{}",
                "{\"messages\":null}",
                "{\"messages\":[]}",
                "{\"messages\":{}}",
                "{\"messages\":[\"hi\"]}",
                "{\"messages\":[{\"content\":\"hi\"}]}",
                "{\"messages\":[{\"role\":\"robot\",\"content\":\"hi\"}]}",
                "{\"messages\":[{\"role\":\"user\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":null}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":5}]}",
                "{\"messages\":[{\"role\":\"system\"}]}",
                "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}",
                "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"a\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"smell\"}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"x\"}]}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":{}}}]}]}"
            })
    void invalid_bodies_and_messages_are_refused(String body) throws Exception {
        assertInvalid(wire.chat(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"temperature\":2.01",
                "\"temperature\":-0.1",
                "\"temperature\":\"1\"",
                "\"top_p\":1.5",
                "\"top_k\":-1",
                "\"top_k\":1.5",
                "\"min_p\":2",
                "\"frequency_penalty\":-2.5",
                "\"presence_penalty\":3",
                "\"repetition_penalty\":2.5",
                "\"logprobs\":true,\"top_logprobs\":21",
                "\"top_logprobs\":2",
                "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]",
                "\"stop\":5",
                "\"max_tokens\":0",
                "\"max_tokens\":1e-3",
                "\"max_completion_tokens\":0",
                "\"seed\":1.5",
                "\"stream\":\"true\"",
                "\"stream\":null",
                "\"model\":7",
                "\"models\":\"a/b\"",
                "\"reasoning\":{\"effort\":\"huge\"}",
                "\"reasoning\":{\"effort\":\"high\"},\"reasoning_effort\":\"low\"",
                "\"reasoning\":{\"effort\":\"high\",\"max_tokens\":100}",
                "\"metadata\":{\"a\":5}",
                "\"metadata\":{\"0\":\"\",\"1\":\"\",\"2\":\"\",\"3\":\"\",\"4\":\"\",\"5\":\"\",\"6\":\"\",\"7\":\"\","
                        + "\"8\":\"\",\"9\":\"\",\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\",\"f\":\"\",\"g\":\"\"}",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"not good\"}}]",
                "\"tools\":[{\"type\":\"function\",\"function\":{}}]",
                "\"tools\":[{\"type\":\"hammer\"}]",
                "\"tool_choice\":\"maybe\"",
                "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"absent\"}}",
                "\"parallel_tool_calls\":1",
                "\"response_format\":{\"type\":\"xml\"}",
                "\"response_format\":{\"type\":\"json_schema\"}",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}",
                "\"provider\":{\"ordre\":[\"openai\"]}",
                "\"provider\":{\"order\":\"openai\"}",
                "\"provider\":{\"sort\":\"mood\"}",
                "\"provider\":{\"max_price\":{\"prompt\":\"cheap\"}}",
                "\"modalities\":[\"smell\"]",
                "\"logit_bias\":{\"5\":101}",
                "\"service_tier\":\"gold\"",
                "\"plugins\":[{}]",
                "\"cache_control\":{\"type\":\"forever\"}"
            })
    void parameters_out_of_range_or_of_the_wrong_type_are_refused(String field) throws Exception {
        assertInvalid(wire.chat(ask("Hi", field)));
    }

    @Test
    void texts_that_are_too_long_are_refused() throws Exception {
        String tooLong = "x".repeat(257);
        assertInvalid(wire.chat(ask("Hi", "\"session_id\":\"" + tooLong + "\"")));
        assertInvalid(wire.chat(ask("Hi"), "x-session-id", tooLong));
        assertInvalid(wire.chat(ask("Hi", "\"metadata\":{\"" + "k".repeat(65) + "\":\"v\"}")));
        assertInvalid(wire.chat(ask("Hi", "\"metadata\":{\"k\":\"" + "v".repeat(513) + "\"}")));
        assertInvalid(wire.chat(ask(
                "Hi",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"" + "n".repeat(65)
                        + "\",\"schema\":{}}}")));
    }

    private static void assertInvalid(Wire.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.error().number("code")).isEqualByComparingTo("400");
        assertThat(reply.error().string("message")).isNotBlank();
        assertThat(Objects.requireNonNull(reply.error().object("metadata")).string("error_type"))
                .isEqualTo("invalid_request");
        assertThat(reply.header("X-Generation-Id")).isEmpty();
    }

    @Test
    void the_message_names_the_field() throws Exception {
        assertThat(wire.chat("{\"messages\":[]}").error().string("message"))
                .isEqualTo("messages: Array must contain at least 1 element(s)");
        assertThat(wire.chat(
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"tool\",\"content\":\"x\"}]}")
                        .error()
                        .string("message"))
                .isEqualTo("messages.1.tool_call_id: Required");
        assertThat(wire.chat(ask("Hi", "\"provider\":{\"ordre\":[]}")).error().string("message"))
                .isEqualTo("provider: Unrecognized key(s) in object: 'ordre'");
    }

    @Test
    void valid_extremes_nulls_and_unknown_fields_pass() throws Exception {
        Wire.Reply reply = wire.chat(ask(
                "Hi",
                "\"temperature\":2",
                "\"top_p\":0",
                "\"top_k\":0",
                "\"frequency_penalty\":-2.0",
                "\"max_tokens\":1e2",
                "\"max_completion_tokens\":null",
                "\"stop\":[\"a~\",\"b~\",\"c~\",\"d~\"]",
                "\"logprobs\":true,\"top_logprobs\":20",
                "\"seed\":-9007199254740993",
                "\"provider\":{\"order\":[\"openai\"],\"sort\":{\"by\":\"price\",\"partition\":\"none\"},"
                        + "\"max_price\":{\"prompt\":1,\"completion\":\"2\"},\"zdr\":null}",
                "\"reasoning\":{\"effort\":\"low\"},\"reasoning_effort\":\"low\"",
                "\"safe_prompt\":true,\"raw_mode\":{\"x\":[]}",
                "\"usage\":{\"include\":true},\"stream_options\":{\"include_usage\":true},\"transforms\":[]"));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    }

    @Test
    void reasoning_that_is_mandatory_cannot_be_switched_off() throws Exception {
        Wire.Reply reply =
                wire.chat(askModel("deepseek/deepseek-r1-0528", "Hi", "\"reasoning\":{\"effort\":\"none\"}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("X-Generation-Id")).isNotEmpty();
    }

    @Test
    void nothing_is_billed_for_a_refusal() throws Exception {
        wire.chat("{}");
        wire.chat(askModel("acme/none", "Hi"));

        assertThat(simulator.bill().entries()).isEmpty();
        assertThat(simulator.bill().total()).isZero();
    }
}
