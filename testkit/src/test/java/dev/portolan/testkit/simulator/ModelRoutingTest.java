package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRoutingTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.builder()
            .model(SimulatedModel.builder("acme/tiny-1")
                    .provider("Acme Cloud", "acme")
                    .prices("0.001", "0.002")
                    .contextLength(9000)
                    .build())
            .start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-4o-mini, openai/gpt-4o-mini",
        "openai/gpt-4o-mini:nitro, openai/gpt-4o-mini",
        "openai/gpt-4o-mini:floor, openai/gpt-4o-mini",
        "openai/gpt-4o-mini:exacto, openai/gpt-4o-mini",
        "openai/gpt-4o-mini:extended, openai/gpt-4o-mini",
        "qwen/qwen3-32b:thinking, qwen/qwen3-32b",
        "qwen/qwen3-32b:free, qwen/qwen3-32b:free",
        "qwen/qwen3-32b:free:online, qwen/qwen3-32b:free",
        "openrouter/auto, openai/gpt-4o-mini",
        "openrouter/auto-beta, openai/gpt-4o-mini",
        "openrouter/free, meta-llama/llama-3.3-70b-instruct:free",
        "@preset/mine, openai/gpt-4o-mini",
        "qwen/qwen3-32b@preset/mine, qwen/qwen3-32b",
        "~anthropic/claude-haiku-latest, anthropic/claude-haiku-4.5",
        "~google/gemini-pro-latest, google/gemini-2.5-flash",
        "acme/tiny-1, acme/tiny-1"
    })
    void slugs_lead_to_the_model_that_answers(String slug, String answering) throws Exception {
        Wire.Reply reply = wire.chat(askModel(slug, "Hi"));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().string("model")).isEqualTo(answering);
    }

    @Test
    void without_a_model_the_default_one_answers() throws Exception {
        assertThat(wire.chat("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                        .json()
                        .string("model"))
                .isEqualTo("openai/gpt-4o-mini");
    }

    @ParameterizedTest
    @CsvSource({
        "image_url, image_url, image, openai/gpt-4o-mini",
        "input_audio, input_audio, audio, google/gemini-2.5-flash",
        "video_url, video_url, video, google/gemini-2.5-flash",
        "input_video, video_url, video, google/gemini-2.5-flash"
    })
    void a_model_is_not_given_what_it_cannot_read(String type, String member, String modality, String able)
            throws Exception {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"" + type + "\",\"" + member
                + "\":{\"url\":\"https://example.com/1\",\"data\":\"AAAA\",\"format\":\"wav\"}}]}]}";

        Wire.Reply refused = wire.chat("{\"model\":\"acme/tiny-1\"," + messages);
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.error().string("message"))
                .isEqualTo("No endpoints found that support " + modality + " input");
        assertThat(wire.chat("{\"model\":\"acme/tiny-1\",\"models\":[\"" + able + "\"]," + messages)
                        .json()
                        .string("model"))
                .isEqualTo(able);
        assertThat(wire.chat("{\"model\":\"openrouter/auto\"," + messages)
                        .json()
                        .string("model"))
                .isEqualTo(able);
    }

    @Test
    void files_are_read_out_to_models_that_cannot_read_them() throws Exception {
        assertThat(wire.chat(
                                "{\"model\":\"acme/tiny-1\",\"messages\":[{\"role\":\"user\",\"content\":["
                                        + "{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,AA==\"}}]}]}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void free_variants_cost_nothing() throws Exception {
        Wire.Reply reply = wire.chat(askModel("qwen/qwen3-32b:free", "Hi"));

        assertThat(reply.usage().number("cost")).isZero();
        assertThat(reply.usage().number("completion_tokens")).isPositive();
        assertThat(simulator.bill().entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.cost()).isZero());
    }

    @Test
    void the_thinking_variant_reasons() throws Exception {
        assertThat(wire.chat(askModel("qwen/qwen3-32b:thinking", "Hi"))
                        .message()
                        .string("reasoning"))
                .isNotBlank();
    }

    @Test
    void an_unknown_model_is_refused_with_hints() throws Exception {
        Wire.Reply reply = wire.chat(askModel("anthropic/claude-9", "Hi", "\"models\":[\"acme/none\"]"));

        assertThat(reply.status()).isEqualTo(400);
        JsonObject error = reply.error();
        assertThat(error.has("code")).isFalse();
        assertThat(error.string("error_type")).isEqualTo("invalid_request");
        assertThat(error.number("http_status")).isEqualByComparingTo("400");
        JsonObject availability = Objects.requireNonNull(error.object("availability"));
        assertThat(availability.string("code")).isEqualTo("model_not_found");
        assertThat(availability.isFalse("retryable")).isTrue();
        assertThat(availability.array("requested_models").strings()).containsExactly("anthropic/claude-9", "acme/none");
        assertThat(availability.array("fallback_models").strings()).containsExactly("acme/tiny-1");
        assertThat(availability.string("docs_url")).endsWith("#model_not_found");
    }

    @ParameterizedTest
    @CsvSource({"openai/gpt-4o-mini:shiny", "openrouter/nothing", "gpt-4o-mini", "~acme/tiny"})
    void what_cannot_be_resolved_is_not_found(String slug) throws Exception {
        assertThat(Objects.requireNonNull(
                                wire.chat(askModel(slug, "Hi")).error().object("availability"))
                        .string("code"))
                .isEqualTo("model_not_found");
    }

    @Test
    void fallback_models_are_tried_in_order() throws Exception {
        Wire.Reply reply = wire.chat(
                askModel("acme/gone", "Hi", "\"models\":[\"acme/gone-too\",\"qwen/qwen3-32b\",\"acme/tiny-1\"]"),
                "X-OpenRouter-Metadata",
                "enabled");

        assertThat(reply.json().string("model")).isEqualTo("qwen/qwen3-32b");
        JsonObject metadata = Objects.requireNonNull(reply.json().object("openrouter_metadata"));
        assertThat(metadata.string("strategy")).isEqualTo("fallback");
    }

    @Test
    void too_long_a_prompt_is_refused_or_handed_to_a_fallback() throws Exception {
        String prompt = "word ".repeat(10_000);
        Wire.Reply refused = wire.chat(askModel("acme/tiny-1", prompt));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(Objects.requireNonNull(refused.error().object("metadata")).string("error_type"))
                .isEqualTo("context_length_exceeded");
        assertThat(refused.header("X-Generation-Id")).isNotEmpty();

        assertThat(wire.chat(askModel("acme/tiny-1", prompt, "\"models\":[\"qwen/qwen3-32b\"]"))
                        .json()
                        .string("model"))
                .isEqualTo("qwen/qwen3-32b");
        assertThat(wire.chat(askModel("acme/tiny-1", prompt, "\"plugins\":[{\"id\":\"context-compression\"}]"))
                        .usage()
                        .number("prompt_tokens"))
                .isEqualByComparingTo("9000");
    }

    @Test
    void output_that_a_model_cannot_write_is_404() throws Exception {
        for (String body : new String[] {
            ask("Hi", "\"modalities\":[\"image\",\"text\"]"),
            askModel("black-forest-labs/flux.2-pro", "Hi", "\"modalities\":[\"image\",\"text\"]")
        }) {
            Wire.Reply reply = wire.chat(body);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.error().string("message"))
                    .isEqualTo("No endpoints found that support the requested output modalities: image, text");
        }
    }

    @Test
    void an_embedding_model_is_at_the_wrong_endpoint() throws Exception {
        Wire.Reply reply = wire.chat(askModel("openai/text-embedding-3-small", "Hi"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(Objects.requireNonNull(reply.error().object("availability")).string("code"))
                .isEqualTo("wrong_endpoint");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"only\":[\"openai\"]}|200",
                "{\"only\":[\"OpenAI\"]}|200",
                "{\"only\":[\"openai/priority\"]}|200",
                "{\"only\":[\"groq\"]}|404",
                "{\"ignore\":[\"openai\"]}|404",
                "{\"order\":[\"groq\"],\"allow_fallbacks\":false}|404",
                "{\"order\":[\"groq\"]}|200",
                "{\"max_price\":{\"prompt\":0.1}}|404",
                "{\"max_price\":{\"prompt\":\"0.15\",\"completion\":0.6}}|200",
                "{\"require_parameters\":true}|404"
            })
    void provider_preferences_filter(String provider, int status) throws Exception {
        assertThat(wire.chat(ask("Hi", "\"top_k\":5", "\"provider\":" + provider))
                        .status())
                .isEqualTo(status);
    }

    @Test
    void router_metadata_tells_how_the_model_was_found() throws Exception {
        JsonObject metadata =
                Objects.requireNonNull(wire.chat(askModel("openrouter/auto", "Hi"), "X-OpenRouter-Metadata", "enabled")
                        .json()
                        .object("openrouter_metadata"));

        assertThat(metadata.string("requested")).isEqualTo("openrouter/auto");
        assertThat(metadata.string("strategy")).isEqualTo("auto");
        assertThat(Objects.requireNonNull(metadata.object("endpoints"))
                        .array("available")
                        .objects())
                .singleElement()
                .returns("openai/gpt-4o-mini", endpoint -> endpoint.string("model"));
        assertThat(wire.chat(ask("Hi"), "X-OpenRouter-Metadata", "maybe").json().has("openrouter_metadata"))
                .isFalse();
    }
}
