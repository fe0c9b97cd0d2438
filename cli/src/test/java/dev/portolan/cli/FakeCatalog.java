package dev.portolan.cli;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.spi.Provider;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Three models, under the name {@code openrouter} whatever the provider is called. */
final class FakeCatalog implements Provider, ModelCatalogPort {
    private static final List<ModelInfo> MODELS = List.of(
            model("acme/large", 1_000_000L, List.of("text", "image"), price("0.00000015"), price("0.0000006")),
            model("acme/auto", null, List.of("text"), price("-1"), price("-1")),
            model("acme/small:free", 8_192L, List.of("text"), price("0"), null));

    static @Nullable BigDecimal price(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    private static ModelInfo model(
            String name,
            @Nullable Long context,
            List<String> input,
            @Nullable BigDecimal prompt,
            @Nullable BigDecimal completion) {
        return new ModelInfo(
                new ModelId("openrouter", name),
                name,
                "Acme: " + name,
                "",
                Instant.ofEpochSecond(1_700_000_000),
                context,
                null,
                input,
                List.of("text"),
                List.of("tools", "seed"),
                Pricing.of(prompt, completion),
                Map.of("hugging_face_id", RawJson.NULL));
    }

    @Override
    public Optional<ModelCatalogPort> catalog() {
        return Optional.of(this);
    }

    @Override
    public List<ModelInfo> models(ModelQuery query) {
        return query.select(MODELS);
    }

    @Override
    public Optional<ModelInfo> model(ModelId id) {
        return MODELS.stream().filter(model -> model.id().equals(id)).findFirst();
    }

    @Override
    public List<ModelEndpoint> endpoints(ModelId id) {
        return List.of(
                new ModelEndpoint(
                        "Acme Cloud",
                        "acme/fp8",
                        128_000L,
                        null,
                        null,
                        "fp8",
                        List.of(),
                        Pricing.of(price("0.00000015"), price("0.0000006")),
                        Map.of("uptime_last_30m", RawJson.parse("99.87"))),
                new ModelEndpoint("Other", null, null, null, null, null, List.of(), Pricing.UNKNOWN, Map.of()));
    }

    @Override
    public void close() {}
}
