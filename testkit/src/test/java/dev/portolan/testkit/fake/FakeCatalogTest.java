package dev.portolan.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.NotFoundException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeCatalogTest {
    private final FakeCatalog catalog = FakeCatalog.of(
            FakeModel.of("openrouter/a/large")
                    .withName("Large One")
                    .withContext(200_000)
                    .withMaxCompletion(8_000)
                    .withInput("text", "image")
                    .withParameters("tools", "temperature")
                    .withPrice("0.000003", "0.000015")
                    .withCreated(Instant.parse("2025-01-01T00:00:00Z"))
                    .withEndpoint("Anthropic"),
            FakeModel.of("openrouter/b/small")
                    .withCanonicalName("b/small-2025-06-01")
                    .withContext(8_000)
                    .withPrice("0.0000001", "0.0000004")
                    .withCreated(Instant.parse("2025-06-01T00:00:00Z")),
            FakeModel.of("openrouter/c/painter").withOutput("image"));

    @Test
    void every_part_of_a_query_is_honoured() {
        assertThat(found(ModelQuery.ALL)).containsExactly("a/large", "b/small", "c/painter");
        assertThat(found(ModelQuery.ALL.withText("large one"))).containsExactly("a/large");
        assertThat(found(ModelQuery.ALL.withInput("image"))).containsExactly("a/large");
        assertThat(found(ModelQuery.ALL.withOutput("image", "audio"))).containsExactly("c/painter");
        assertThat(found(ModelQuery.ALL.withParameters("tools"))).containsExactly("a/large");
        assertThat(found(ModelQuery.ALL.withMinContextLength(8_000))).containsExactly("a/large", "b/small");
        assertThat(found(ModelQuery.ALL.orderedBy(ModelQuery.Order.PRICE)))
                .containsExactly("b/small", "a/large", "c/painter");
        assertThat(found(ModelQuery.ALL.orderedBy(ModelQuery.Order.NEWEST)))
                .containsExactly("b/small", "a/large", "c/painter");
        assertThat(catalog.queries()).hasSize(8);
    }

    private List<String> found(ModelQuery query) {
        return catalog.models(query).stream().map(model -> model.id().name()).toList();
    }

    @Test
    void a_model_is_found_by_its_id_and_by_its_permanent_name() {
        assertThat(catalog.model(ModelId.parse("openrouter/b/small-2025-06-01")))
                .isEqualTo(catalog.model(ModelId.parse("openrouter/b/small")))
                .map(ModelInfo::pricing)
                .map(pricing -> pricing.estimate(Usage.of(1000, 100)))
                .hasToString("Optional[~$0.00014]");
        assertThat(catalog.model(ModelId.parse("other/b/small"))).isEmpty();
    }

    @Test
    void a_model_tells_who_runs_it() {
        List<ModelEndpoint> endpoints = catalog.endpoints(ModelId.parse("openrouter/a/large"));

        assertThat(endpoints).extracting(ModelEndpoint::provider).containsExactly("Anthropic");
        assertThat(endpoints.get(0).supportedParameters()).containsExactly("tools", "temperature");
        assertThatThrownBy(() -> catalog.endpoints(ModelId.parse("openrouter/d/none")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("openrouter/a/large");
    }

    @Test
    void a_catalogue_can_be_unreadable_for_a_while() {
        catalog.fail(new ConnectionException("No network", ErrorDetails.NONE));
        assertThatThrownBy(() -> catalog.models(ModelQuery.ALL)).isInstanceOf(ConnectionException.class);

        catalog.fail(null);

        assertThat(catalog.models(ModelQuery.ALL)).hasSize(3);
    }

    @Test
    void books_have_what_was_written_in_them() {
        FakeBilling books = new FakeBilling();
        ModelId model = ModelId.parse("openrouter/a/large");
        assertThat(books.find(model, "gen-1")).isEmpty();

        books.bill("gen-1", "0.0003");

        assertThat(books.find(model, "gen-1")).map(BillingPort.Bill::cost).hasToString("Optional[$0.0003]");
        assertThat(books.asked()).containsExactly("gen-1", "gen-1");
    }
}
