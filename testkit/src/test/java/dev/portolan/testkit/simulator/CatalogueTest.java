package dev.portolan.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.builder()
            .model(SimulatedModel.builder("acme/large-1")
                    .name("Acme: Large 1")
                    .provider("Acme Cloud", "acme")
                    .prices("0.0000025", "0.00001")
                    .cachePrices("0.00000025", "0.000003125")
                    .requestPrice("0.01")
                    .imageInputPrice("0.0048")
                    .contextLength(3_000_000)
                    .reads("text", "image", "file")
                    .build())
            .apiKey("sk-right")
            .start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    /** Without a key, as anyone may. */
    private Wire.Reply get(String path) throws Exception {
        return wire.send(
                HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path)).build());
    }

    private static List<String> ids(Wire.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.list().stream().map(model -> model.string("id", "")).toList();
    }

    private JsonObject model(String id) throws Exception {
        return get("/models?output_modalities=all").list().stream()
                .filter(model -> model.string("id", "").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject object(JsonObject holder, String name) {
        return Objects.requireNonNull(holder.object(name));
    }

    @Test
    void a_model_has_the_documented_fields() throws Exception {
        JsonObject model = model("acme/large-1");

        assertThat(model.string("name")).isEqualTo("Acme: Large 1");
        assertThat(model.string("canonical_slug")).startsWith("acme/large-1");
        assertThat(model.number("created")).isPositive();
        assertThat(model.number("context_length")).isEqualByComparingTo("3000000");
        JsonObject architecture = object(model, "architecture");
        assertThat(architecture.string("modality")).isEqualTo("text+image+file->text");
        assertThat(architecture.array("input_modalities").strings()).containsExactly("text", "image", "file");
        assertThat(architecture.array("output_modalities").strings()).containsExactly("text");
        assertThat(architecture.string("tokenizer")).isEqualTo("Other");
        assertThat(object(model, "pricing"))
                .hasToString("{\"prompt\":\"0.0000025\",\"completion\":\"0.00001\",\"request\":\"0.01\","
                        + "\"image\":\"0.0048\",\"input_cache_read\":\"0.00000025\","
                        + "\"input_cache_write\":\"0.000003125\"}");
        assertThat(object(model, "top_provider").number("context_length")).isEqualByComparingTo("3000000");
        assertThat(model.array("supported_parameters").strings()).contains("temperature", "tools", "reasoning");
        assertThat(object(model, "links").string("details")).isEqualTo("/api/v1/models/acme/large-1/endpoints");
        assertThat(object(model, "reasoning").isFalse("mandatory")).isTrue();
        assertThat(object(model("openai/gpt-4o-mini"), "architecture").string("tokenizer"))
                .isEqualTo("GPT");
        assertThat(model("openai/gpt-4o-mini").has("reasoning")).isFalse();
        assertThat(model("openai/gpt-4o-mini-tts").array("supported_voices").strings())
                .contains("alloy");
    }

    @Test
    void routers_free_variants_and_aliases_have_rows_of_their_own() throws Exception {
        assertThat(object(model("openrouter/auto"), "pricing"))
                .hasToString("{\"prompt\":\"-1\",\"completion\":\"-1\"}");
        assertThat(object(model("openrouter/auto"), "architecture").string("tokenizer"))
                .isEqualTo("Router");
        assertThat(object(model("meta-llama/llama-3.3-70b-instruct:free"), "pricing"))
                .hasToString("{\"prompt\":\"0\",\"completion\":\"0\"}");
        assertThat(object(model("~anthropic/claude-sonnet-latest"), "alias_target")
                        .string("slug"))
                .isEqualTo("anthropic/claude-sonnet-4.5");
    }

    @Test
    void only_models_that_write_text_are_listed_unless_others_are_asked_for() throws Exception {
        assertThat(ids(get("/models")))
                .contains("openai/gpt-4o-mini", "google/gemini-2.5-flash-image")
                .doesNotContain("openai/text-embedding-3-small", "black-forest-labs/flux.2-pro");
        assertThat(ids(get("/models?output_modalities=embeddings")))
                .containsExactly(
                        "openai/text-embedding-3-small",
                        "sentence-transformers/all-minilm-l6-v2",
                        "google/gemini-embedding-2")
                .isEqualTo(ids(get("/embeddings/models")))
                .isEqualTo(ids(get("/embeddings/models?output_modalities=text")));
        assertThat(ids(get("/models?output_modalities=image,embeddings")))
                .contains("black-forest-labs/flux.2-pro", "openai/text-embedding-3-small")
                .doesNotContain("openai/gpt-4o-mini");
        assertThat(ids(get("/models?output_modalities=rerank"))).containsExactly("cohere/rerank-v3.5");
        int all = get("/models?output_modalities=all").list().size();
        assertThat(get("/models/count?output_modalities=all").data().number("count"))
                .isEqualByComparingTo(String.valueOf(all));
        assertThat(get("/models/count").data().number("count"))
                .isEqualByComparingTo(String.valueOf(get("/models").list().size()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q=LARGE%201|acme/large-1",
                "q=haiku|anthropic/claude-haiku-4.5",
                "q=claude&context=500000|anthropic/claude-sonnet-4.5,~anthropic/claude-sonnet-latest",
                "model_authors=x-ai,perplexity|x-ai/grok-4-fast,perplexity/sonar",
                "providers=Novita|deepseek/deepseek-r1-0528",
                "context=2500000|acme/large-1",
                "input_modalities=text,video|google/gemini-2.5-flash",
                "input_modalities=image&supported_parameters=logprobs,reasoning" + "|acme/large-1,x-ai/grok-4-fast",
                "q=qwen&max_price=0.01|qwen/qwen3-32b:free",
                "min_price=2.5&min_output_price=10&max_output_price=10|acme/large-1",
                "q=no+such+model|''"
            })
    void the_query_filters(String query, String expected) throws Exception {
        Wire.Reply reply = get("/models?" + query);

        List<String> wanted = expected.isEmpty() ? List.of() : List.of(expected.split(",", -1));
        assertThat(ids(reply)).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(reply.json().number("total_count")).isEqualByComparingTo(String.valueOf(wanted.size()));
    }

    @Test
    void the_query_sorts() throws Exception {
        List<String> cheapest = ids(get("/models?sort=pricing-low-to-high"));
        assertThat(cheapest.get(0)).endsWith(":free");
        assertThat(cheapest).endsWith("openrouter/auto", "openrouter/pareto-code", "openrouter/fusion");
        assertThat(prices("/models?sort=pricing-low-to-high")).isSorted();
        assertThat(prices("/models?sort=pricing-high-to-low")).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(ids(get("/models?sort=newest")).get(0)).isEqualTo("acme/large-1");
        assertThat(ids(get("/models?sort=context-high-to-low")).get(0)).isEqualTo("acme/large-1");
        assertThat(ids(get("/models?sort=most-popular"))).isEqualTo(ids(get("/models")));
        assertThat(get("/models?sort=mood").status()).isEqualTo(400);
    }

    private List<BigDecimal> prices(String path) throws Exception {
        return get(path).list().stream()
                .map(model -> new BigDecimal(object(model, "pricing").string("prompt", "")))
                .filter(price -> price.signum() >= 0)
                .toList();
    }

    @Test
    void pages_lead_to_one_another() throws Exception {
        List<String> all = ids(get("/models?q=a"));
        assertThat(get("/models?q=a").json().object("links").get("next")).isNull();

        List<String> collected = new ArrayList<>();
        String next = "/api/v1/models?limit=4&q=a";
        while (next != null) {
            Wire.Reply page = wire.send(
                    HttpRequest.newBuilder(URI.create(simulator.baseUrl()).resolve(next))
                            .build());
            assertThat(page.list()).hasSizeLessThanOrEqualTo(4);
            assertThat(page.json().number("total_count")).isEqualByComparingTo(String.valueOf(all.size()));
            collected.addAll(ids(page));
            next = object(page.json(), "links").string("next");
        }
        assertThat(collected).isEqualTo(all);
        assertThat(object(get("/embeddings/models?limit=2").json(), "links").string("next"))
                .isEqualTo("/api/v1/embeddings/models?offset=2&limit=2");
        assertThat(ids(get("/embeddings/models?offset=99"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "offset=-1", "limit=ten", "limit=1.5", "context=long"})
    void values_out_of_range_are_refused(String query) throws Exception {
        assertThat(get("/models?" + query).status()).isEqualTo(400);
    }

    @Test
    void one_model_can_be_asked_for_by_any_of_its_names() throws Exception {
        assertThat(get("/model/acme/large-1").data().string("id")).isEqualTo("acme/large-1");
        assertThat(get("/model/acme/large-1:nitro").data().string("id")).isEqualTo("acme/large-1");
        assertThat(get("/model/acme/large-1%3Afree").data().string("id")).isEqualTo("acme/large-1:free");
        assertThat(object(get("/model/~anthropic/claude-haiku-latest").data(), "alias_target")
                        .string("slug"))
                .isEqualTo("anthropic/claude-haiku-4.5");
        assertThat(get("/model/acme/none").status()).isEqualTo(404);
        assertThat(get("/model/acme/large-1:shiny").status()).isEqualTo(404);
    }

    @Test
    void a_model_has_the_endpoint_of_its_provider() throws Exception {
        JsonObject data = get("/models/acme/large-1/endpoints").data();
        assertThat(data.string("id")).isEqualTo("acme/large-1");
        JsonObject endpoint = data.array("endpoints").objects().get(0);
        assertThat(endpoint.string("provider_name")).isEqualTo("Acme Cloud");
        assertThat(endpoint.string("tag")).isEqualTo("acme");
        assertThat(object(endpoint, "pricing"))
                .hasToString(object(model("acme/large-1"), "pricing").toString());
        assertThat(endpoint.get("latency_last_30m"))
                .as("only for those with a key")
                .isNull();
        JsonObject withKey = wire.get("/models/acme/large-1/endpoints")
                .data()
                .array("endpoints")
                .objects()
                .get(0);
        assertThat(object(withKey, "latency_last_30m").number("p50")).isPositive();
        assertThat(get("/models/openrouter/auto/endpoints")
                        .data()
                        .array("endpoints")
                        .isEmpty())
                .isTrue();
        assertThat(get("/models/acme/none/endpoints").status()).isEqualTo(404);
        assertThat(get("/endpoints/zdr").list())
                .extracting(each -> each.string("model_id"))
                .contains("acme/large-1", "openai/text-embedding-3-small");
    }

    @Test
    void providers_are_listed_once_each() throws Exception {
        assertThat(get("/providers").list())
                .extracting(provider -> provider.string("slug"))
                .doesNotHaveDuplicates()
                .contains("acme", "openai");
    }

    @Test
    void image_models_have_a_discovery_of_their_own() throws Exception {
        List<JsonObject> models = get("/images/models").list();
        assertThat(models)
                .extracting(model -> model.string("id"))
                .containsExactly(
                        "google/gemini-2.5-flash-image",
                        "black-forest-labs/flux.2-pro",
                        "openai/gpt-5-image-mini",
                        "recraft/recraft-v4-vector");
        JsonObject flux = models.get(1);
        assertThat(flux.isFalse("supports_streaming")).isTrue();
        assertThat(object(flux, "supported_parameters").has("n")).isFalse();
        assertThat(flux.string("endpoints")).isEqualTo("/api/v1/images/models/black-forest-labs/flux.2-pro/endpoints");
        JsonObject parameters = object(models.get(2), "supported_parameters");
        assertThat(models.get(2).isTrue("supports_streaming")).isTrue();
        assertThat(object(parameters, "n")).hasToString("{\"type\":\"range\",\"min\":1,\"max\":10}");
        assertThat(object(parameters, "seed")).hasToString("{\"type\":\"boolean\"}");
        assertThat(object(parameters, "resolution").array("values").strings()).containsExactly("512", "1K", "2K", "4K");
        assertThat(object(object(models.get(3), "supported_parameters"), "output_format")
                        .array("values")
                        .strings())
                .containsExactly("svg");

        JsonObject endpoints =
                get("/images/models/openai/gpt-5-image-mini/endpoints").json();
        assertThat(endpoints.has("data")).isFalse();
        JsonObject endpoint = endpoints.array("endpoints").objects().get(0);
        assertThat(endpoint.string("provider_slug")).isEqualTo("openai");
        JsonObject line = endpoint.array("pricing").objects().get(0);
        assertThat(line.string("billable")).isEqualTo("output_image");
        assertThat(line.number("cost_usd")).isEqualByComparingTo("0.000008");
        assertThat(get("/images/models/openai/gpt-4o-mini/endpoints").status()).isEqualTo(404);
    }

    @Test
    void the_accounts_models_need_a_key() throws Exception {
        assertThat(get("/models/user").status()).isEqualTo(401);
        assertThat(ids(wire.get("/models/user"))).contains("acme/large-1");
    }

    /** The catalogue is the one source of the prices. */
    @Test
    void each_model_charges_exactly_the_prices_it_is_listed_with() throws Exception {
        BigDecimal charged = BigDecimal.ZERO;
        int asked = 0;
        for (JsonObject model : get("/models").list()) {
            JsonObject pricing = object(model, "pricing");
            if (pricing.string("prompt", "").equals("-1")) {
                continue;
            }
            Wire.Reply reply = wire.chat(
                    Wire.askModel(model.string("id", ""), "Why is the sky blue?", "\"modalities\":[\"text\"]"));
            JsonObject usage = reply.usage();
            BigDecimal expected = price(pricing, "prompt")
                    .multiply(usage.number("prompt_tokens"))
                    .add(price(pricing, "completion").multiply(usage.number("completion_tokens")))
                    .add(price(pricing, "request"));
            assertThat(usage.number("cost")).as(model.string("id")).isEqualByComparingTo(expected);
            charged = charged.add(expected);
            asked++;
        }
        assertThat(simulator.bill().entries()).hasSize(asked);
        assertThat(simulator.bill().total()).isEqualByComparingTo(charged);
    }

    private static BigDecimal price(JsonObject pricing, String name) {
        return new BigDecimal(pricing.string(name, "0"));
    }
}
