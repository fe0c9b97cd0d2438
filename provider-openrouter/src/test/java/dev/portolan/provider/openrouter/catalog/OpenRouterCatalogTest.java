package dev.portolan.provider.openrouter.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ModelId;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.SimulatorRequest;
import dev.portolan.transport.retrofit.HttpConfig;
import dev.portolan.transport.retrofit.HttpTransport;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue over {@code /models}: rows, queries, keeping, and the saved copy. */
class OpenRouterCatalogTest {
    private static final CannedResponse NONE =
            CannedResponse.json(404, "{\"error\":{\"code\":404,\"message\":\"none\"}}");

    private final OpenRouterSimulator server = OpenRouterSimulator.start();
    private final HttpTransport transport = new HttpTransport(
            HttpConfig.of("OpenRouter", URI.create(server.baseUrl()), Map.of("Authorization", "Bearer k"))
                    .withRetries(RetryPolicy.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(1))));
    private final Ticker clock = new Ticker();
    private OpenRouterCatalog catalog;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        catalog = catalog(null);
    }

    @AfterEach
    void end() {
        transport.close();
        server.close();
    }

    private static final class Ticker extends Clock {
        private Instant now = Instant.parse("2026-08-22T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private OpenRouterCatalog catalog(@Nullable Path file) {
        return new OpenRouterCatalog(
                new OpenAiClient<>(transport, OpenRouterApi.class),
                Duration.ofHours(1),
                file == null ? null : new SavedCatalog(file),
                clock);
    }

    private static String fixture(String name) {
        try (InputStream in = OpenRouterCatalogTest.class.getResourceAsStream("/fixtures/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The list of the fixture; no lists of embedding and image models. */
    private void answerModels() {
        server.enqueue(CannedResponse.json(200, onlyPage())).enqueue(NONE).enqueue(NONE);
    }

    private List<String> names(ModelQuery query) {
        return catalog.models(query).stream().map(model -> model.id().name()).toList();
    }

    private static ModelId id(String name) {
        return new ModelId("openrouter", name);
    }

    private ModelInfo model(String name) {
        return catalog.model(id(name)).orElseThrow();
    }

    private List<String> paths() {
        return server.requests().stream().map(SimulatorRequest::path).toList();
    }

    @Test
    void a_row_is_read_whole() {
        answerModels();
        ModelInfo model = model("acme/large-1");

        assertThat(model.id()).hasToString("openrouter/acme/large-1");
        assertThat(model.canonicalName()).isEqualTo("acme/large-1-20260101");
        assertThat(model.name()).isEqualTo("acme/large-1");
        assertThat(model.description()).isEqualTo("d");
        assertThat(model.created()).isEqualTo(Instant.ofEpochSecond(1786000000L));
        assertThat(model.contextLength()).isEqualTo(200_000L);
        assertThat(model.maxCompletionTokens()).isEqualTo(64_000L);
        assertThat(model.inputModalities()).containsExactly("text", "image", "file");
        assertThat(model.outputModalities()).containsExactly("text");
        assertThat(model.supportedParameters()).containsExactly("max_tokens", "temperature", "tools", "reasoning");
        assertThat(model.extras()).containsKeys("top_provider", "reasoning", "benchmarks", "knowledge_cutoff", "links");
    }

    @Test
    void prices_are_exact() {
        answerModels();
        Pricing pricing = model("acme/large-1").pricing();

        assertThat(pricing.prompt()).isEqualByComparingTo("0.0000025");
        assertThat(pricing.completion()).isEqualByComparingTo("0.00001");
        assertThat(pricing.cacheRead()).isEqualByComparingTo("0.00000025");
        assertThat(pricing.cacheWrite()).isEqualByComparingTo("0.000003125");
        assertThat(pricing.cacheWriteHour()).isEqualByComparingTo("0.000005");
        assertThat(pricing.webSearch()).isEqualByComparingTo("0.01");
        assertThat(pricing.image()).isEqualByComparingTo("0.0048");
        assertThat(pricing.discount()).isEqualByComparingTo("0.1");
        assertThat(pricing.request()).isNull();
        assertThat(pricing.reasoning()).isNull();
        assertThat(pricing.isKnown()).isTrue();
        assertThat(pricing.estimate(Usage.of(1000, 100), 0, Instant.parse("2026-08-22T12:00:00Z")))
                .isEqualTo(Cost.estimated(new BigDecimal("0.00315")));
    }

    @Test
    void conditional_prices_are_read_even_those_over_midnight() {
        answerModels();
        List<Pricing.Conditional> overrides = model("acme/large-1").pricing().overrides();

        assertThat(overrides).hasSize(2);
        assertThat(overrides.get(0).moreThanPromptTokens()).isEqualTo(200_000);
        assertThat(overrides.get(0).from()).isNull();
        assertThat(overrides.get(0).pricing().prompt()).isEqualByComparingTo("0.000005");
        assertThat(overrides.get(0).pricing().completion()).isEqualByComparingTo("0.00002");
        assertThat(overrides.get(1).moreThanPromptTokens()).isEqualTo(-1);
        assertThat(overrides.get(1).from()).isEqualTo(LocalTime.of(16, 30));
        assertThat(overrides.get(1).to()).isEqualTo(LocalTime.of(0, 30));
        assertThat(overrides.get(1).pricing().completion()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-08-22T16:29:59Z, 0.0000025",
        "2026-08-22T16:30:00Z, 0.00000125",
        "2026-08-23T00:29:59Z, 0.00000125",
        "2026-08-23T00:30:00Z, 0.0000025"
    })
    void the_hour_decides_the_price(Instant when, BigDecimal prompt) {
        answerModels();

        assertThat(model("acme/large-1").pricing().at(10, when).prompt()).isEqualByComparingTo(prompt);
    }

    @Test
    void a_free_variant_has_a_row_of_its_own_and_costs_nothing() {
        answerModels();
        ModelInfo model = model("acme/large-1:free");

        assertThat(model.id().name()).isEqualTo("acme/large-1:free");
        assertThat(model.pricing().isKnown()).isTrue();
        assertThat(model.pricing().estimate(Usage.of(5, 5)).amount()).isEqualByComparingTo("0");
    }

    @Test
    void the_price_of_a_router_varies() {
        answerModels();
        Pricing pricing = model("openrouter/auto").pricing();

        assertThat(pricing.varies()).isTrue();
        assertThat(pricing.isKnown()).isFalse();
        assertThat(pricing.estimate(Usage.of(5, 5))).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void an_alias_keeps_what_it_stands_for() {
        answerModels();

        assertThat(model("~acme/large-latest").extras().get("alias_target").text())
                .isEqualToIgnoringWhitespace("{\"name\":\"Large 1\",\"slug\":\"acme/large-1\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "acme/large-1, acme/large-1",
        "acme/large-1:free, acme/large-1:free",
        "acme/large-1:nitro, acme/large-1",
        "acme/large-1:floor, acme/large-1",
        "acme/large-1@preset/careful, acme/large-1",
        "acme/large-1:nitro@preset/careful, acme/large-1",
        "acme/large-1-20260101, acme/large-1",
        "auto, openrouter/auto",
        "openrouter/auto, openrouter/auto",
        "~acme/large-latest, ~acme/large-latest"
    })
    void variants_presets_and_routers_are_found(String asked, String found) {
        answerModels();

        assertThat(model(asked).id().name()).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme/none", "acme/none:free", "@preset/careful", "acme", ":free"})
    void what_is_not_there_is_not_found(String asked) {
        answerModels();

        assertThat(catalog.model(id(asked))).isEmpty();
    }

    @Test
    void models_of_every_modality_are_asked_for() {
        answerModels();
        catalog.models(ModelQuery.ALL);

        assertThat(paths()).hasSize(3);
        assertThat(paths().get(0)).isEqualTo("/api/v1/models?output_modalities=all");
        assertThat(paths().get(1)).startsWith("/api/v1/embeddings/models");
        assertThat(paths().get(2)).startsWith("/api/v1/images/models");
    }

    @Test
    void image_models_that_only_their_own_list_has_are_there_too() {
        server.enqueue(CannedResponse.json(200, onlyPage()))
                .enqueue(NONE)
                .enqueue(CannedResponse.json(200, fixture("images-models.json")));
        ModelInfo model = model("acme/paint-1");

        assertThat(names(ModelQuery.ALL.withOutput("image"))).containsExactly("acme/paint-1");
        assertThat(model.supportedParameters()).containsExactly("resolution", "n", "seed");
        assertThat(model.extras().get("supported_parameters").text()).contains("\"1K\"");
        assertThat(model.pricing()).isEqualTo(Pricing.UNKNOWN);
    }

    @Test
    void queries_filter_and_order() {
        answerModels();

        assertThat(names(ModelQuery.ALL))
                .containsExactly("acme/large-1", "acme/large-1:free", "openrouter/auto", "~acme/large-latest");
        assertThat(names(ModelQuery.ALL.withText("LARGE free"))).containsExactly("acme/large-1:free");
        assertThat(names(ModelQuery.ALL.withText(" large  latest "))).containsExactly("~acme/large-latest");
        assertThat(names(ModelQuery.ALL.withInput("image", "file"))).containsExactly("acme/large-1");
        assertThat(names(ModelQuery.ALL.withOutput("image", "text"))).hasSize(4);
        assertThat(names(ModelQuery.ALL.withOutput("image"))).isEmpty();
        assertThat(names(ModelQuery.ALL.withParameters("tools", "reasoning"))).hasSize(4);
        assertThat(names(ModelQuery.ALL.withParameters("tools", "seed"))).isEmpty();
        assertThat(names(ModelQuery.ALL.withMinContextLength(200_001))).containsExactly("openrouter/auto");
        assertThat(names(ModelQuery.ALL.orderedBy(ModelQuery.Order.PRICE)))
                .containsExactly("acme/large-1:free", "acme/large-1", "~acme/large-latest", "openrouter/auto");
        assertThat(names(ModelQuery.ALL.orderedBy(ModelQuery.Order.CONTEXT)).get(0))
                .isEqualTo("openrouter/auto");
        assertThat(names(ModelQuery.ALL.orderedBy(ModelQuery.Order.ID)))
                .containsExactly("acme/large-1", "acme/large-1:free", "openrouter/auto", "~acme/large-latest");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void rows_that_are_odd_are_read_as_far_as_they_go() {
        server.enqueue(CannedResponse.json(200, """
                                {"data":[null,3,{},{"id":""},{"id":" a/b "},
                                 {"id":"a/c","context_length":"many","architecture":null,"pricing":null,"created":"x"},
                                 {"id":"a/d","pricing":{"prompt":"x","completion":0.5,"overrides":[{"utc_start":2575}]}},
                                 {"id":"a/b","name":"again"}]}""")).enqueue(NONE).enqueue(NONE);

        assertThat(names(ModelQuery.ALL)).containsExactly("a/b", "a/c", "a/d");
        assertThat(model("a/c").contextLength()).isNull();
        assertThat(model("a/c").pricing()).isEqualTo(Pricing.UNKNOWN);
        assertThat(model("a/d").pricing().prompt()).isNull();
        assertThat(model("a/d").pricing().completion()).isEqualByComparingTo("0.5");
        assertThat(names(ModelQuery.ALL.withMinContextLength(1))).isEmpty();
    }

    @Test
    void the_endpoints_of_a_model_are_read() {
        answerModels();
        server.enqueue(CannedResponse.json(200, fixture("model-endpoints.json")));

        ModelEndpoint endpoint = catalog.endpoints(id("acme/large-1")).get(0);

        assertThat(paths()).endsWith("/api/v1/models/acme/large-1/endpoints");
        assertThat(endpoint.provider()).isEqualTo("Acme");
        assertThat(endpoint.tag()).isEqualTo("acme/priority");
        assertThat(endpoint.contextLength()).isEqualTo(200_000L);
        assertThat(endpoint.maxPromptTokens()).isNull();
        assertThat(endpoint.maxCompletionTokens()).isNull();
        assertThat(endpoint.quantization()).isNull();
        assertThat(endpoint.supportedParameters()).containsExactly("tools");
        assertThat(endpoint.pricing().prompt()).isEqualByComparingTo("0.000006");
        assertThat(endpoint.pricing().completion()).isEqualByComparingTo("0.00003");
        assertThat(endpoint.extras()).containsKeys("uptime_last_30m", "latency_last_30m", "status");
    }

    @Test
    void the_endpoints_of_an_image_model_are_read_without_a_wrapper() {
        server.enqueue(CannedResponse.json(200, onlyPage()))
                .enqueue(NONE)
                .enqueue(CannedResponse.json(200, fixture("images-models.json")))
                .enqueue(CannedResponse.json(
                        200,
                        fixture("images-model-endpoints.json")
                                .replace("\"provider_tag\": null", "\"provider_tag\": \"acme/fast\"")));

        ModelEndpoint endpoint = catalog.endpoints(id("acme/paint-1")).get(0);

        assertThat(paths()).endsWith("/api/v1/images/models/acme/paint-1/endpoints");
        assertThat(endpoint.provider()).isEqualTo("Acme");
        assertThat(endpoint.tag()).isEqualTo("acme/fast");
        assertThat(endpoint.supportedParameters()).containsExactly("seed");
        assertThat(endpoint.pricing()).isEqualTo(Pricing.UNKNOWN);
        assertThat(endpoint.extras()).containsKeys("pricing", "allowed_passthrough_parameters", "supported_parameters");
    }

    @Test
    void endpoints_of_a_model_that_only_draws_are_looked_for_in_the_other_list() {
        answerModels();
        server.enqueue(NONE).enqueue(CannedResponse.json(200, fixture("images-model-endpoints.json")));

        assertThat(catalog.endpoints(id("acme/paint-1")))
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.tag()).isNull());
    }

    @Test
    void endpoints_of_a_model_that_is_not_there_are_not_found() {
        answerModels();
        server.enqueue(NONE).enqueue(NONE);

        assertThatThrownBy(() -> catalog.endpoints(id("acme/none"))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void what_was_read_is_kept_for_its_time_and_then_read_anew() {
        answerModels();
        catalog.models(ModelQuery.ALL);
        clock.now = clock.now.plus(Duration.ofMinutes(59));
        catalog.models(ModelQuery.ALL);
        assertThat(paths()).hasSize(3);

        clock.now = clock.now.plus(Duration.ofMinutes(1));
        server.enqueue(CannedResponse.json(200, "{\"data\":[{\"id\":\"new/one\"}]}"))
                .enqueue(NONE)
                .enqueue(NONE);

        assertThat(names(ModelQuery.ALL)).containsExactly("new/one");
        assertThat(paths()).hasSize(6);
    }

    @Test
    void what_was_read_serves_on_when_the_server_fails_later() {
        answerModels();
        catalog.models(ModelQuery.ALL);
        clock.now = clock.now.plus(Duration.ofHours(2));
        server.close();

        assertThat(names(ModelQuery.ALL)).hasSize(4);
    }

    @Test
    void without_server_and_copy_the_failure_is_told() {
        server.close();

        assertThatThrownBy(() -> catalog.models(ModelQuery.ALL)).isInstanceOf(PortolanException.class);
    }

    @Test
    void a_saved_copy_serves_when_the_server_is_down_with_all_that_the_server_said() {
        Path file = folder.resolve("deep/down/models.json");
        answerModels();
        List<ModelInfo> online = catalog(file).models(ModelQuery.ALL);
        server.close();

        assertThat(catalog(file).models(ModelQuery.ALL)).isEqualTo(online);
        assertThat(file.resolveSibling("models.json.new")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "not json", "[]", "{}", "{\"data\":{}}", "{\"data\":[{\"id\":\"a/b\"}", "{\"data\":[]}"})
    void an_unreadable_copy_is_ignored(String content) throws IOException {
        Path file = folder.resolve("models.json");
        Files.writeString(file, content);
        OpenRouterCatalog saving = catalog(file);
        server.close();

        assertThatThrownBy(() -> saving.models(ModelQuery.ALL)).isInstanceOf(PortolanException.class);
    }

    @Test
    void an_unreadable_copy_is_replaced_by_what_the_server_says() throws IOException {
        Path file = folder.resolve("models.json");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        answerModels();
        assertThat(catalog(file).models(ModelQuery.ALL)).hasSize(4);
        server.close();

        assertThat(catalog(file).models(ModelQuery.ALL)).hasSize(4);
    }

    @Test
    void a_copy_that_cannot_be_written_does_not_hide_the_catalogue() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("file"), "x");
        answerModels();

        assertThat(catalog(inTheWay.resolve("models.json")).models(ModelQuery.ALL))
                .hasSize(4);
    }

    @Test
    void a_list_that_comes_in_pages_is_read_to_its_end() {
        server.enqueue(CannedResponse.json(200, page("a/one", "\"/api/v1/models?offset=1&limit=1\"")))
                .enqueue(CannedResponse.json(200, page("a/two", "null")))
                .enqueue(NONE)
                .enqueue(NONE);

        assertThat(catalog.models(ModelQuery.ALL))
                .extracting(model -> model.id().name())
                .containsExactly("a/one", "a/two");
        assertThat(server.requests().get(1).path()).isEqualTo("/api/v1/models?offset=1&limit=1");
    }

    @Test
    void a_next_page_that_is_not_there_is_the_end() {
        server.enqueue(CannedResponse.json(200, page("a/one", "\"/api/v1/models?offset=1\"")))
                .enqueue(NONE)
                .enqueue(NONE)
                .enqueue(NONE);

        assertThat(catalog.models(ModelQuery.ALL)).hasSize(1);
    }

    @Test
    void a_next_page_on_another_server_is_not_asked_for_since_the_key_would_go_there() {
        server.enqueue(CannedResponse.json(200, page("a/one", "\"//elsewhere.example/models\"")))
                .enqueue(NONE)
                .enqueue(NONE);

        assertThat(catalog.models(ModelQuery.ALL)).hasSize(1);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void a_bad_key_is_not_hidden_by_a_saved_copy(@TempDir Path folder) {
        answerModels();
        catalog(folder.resolve("models.json")).models(ModelQuery.ALL);
        server.enqueue(
                CannedResponse.json(401, "{\"error\":{\"code\":401,\"message\":\"No auth credentials found\"}}"));
        OpenRouterCatalog later = catalog(folder.resolve("models.json"));

        assertThatThrownBy(() -> later.models(ModelQuery.ALL)).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void a_price_at_a_time_that_cannot_be_read_never_holds() {
        server.enqueue(CannedResponse.json(200, """
                        {"data":[{"id":"a/one","pricing":{"prompt":"1","completion":"1",
                        "overrides":[{"utc_start":2575,"utc_end":30,"prompt":"2"}]}}]}""")).enqueue(NONE).enqueue(NONE);

        assertThat(catalog.models(ModelQuery.ALL).get(0).pricing().overrides()).isEmpty();
    }

    private static String onlyPage() {
        return fixture("models-list.json").replaceFirst("\"next\": \"[^\"]*\"", "\"next\": null");
    }

    private static String page(String model, String next) {
        return "{\"data\":[{\"id\":\"" + model + "\"}],\"links\":{\"next\":" + next + "}}";
    }
}
