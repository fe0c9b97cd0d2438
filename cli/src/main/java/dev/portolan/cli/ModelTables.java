package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Models, and who runs them, as tables for people. */
final class ModelTables {
    private static final String UNKNOWN = "–";

    private ModelTables() {}

    static Table models(List<ModelInfo> models) {
        Table table = new Table(
                Table.Column.text("MODEL").shrinking(Table.Shrinks.AT_ITS_BEGINNING),
                Table.Column.number("CONTEXT"),
                Table.Column.text("TAKES→GIVES").shrinking(Table.Shrinks.AT_ITS_END),
                Table.Column.number("IN $/1M"),
                Table.Column.number("OUT $/1M"));
        for (ModelInfo model : models) {
            table.row(
                    model.id().toString(),
                    tokens(model.contextLength()),
                    String.join(",", model.inputModalities()) + "→" + String.join(",", model.outputModalities()),
                    perMillion(model.pricing().prompt()),
                    perMillion(out(model.pricing(), model.outputModalities())));
        }
        return table;
    }

    static Table endpoints(List<ModelEndpoint> endpoints) {
        Table table = new Table(
                Table.Column.text("PROVIDER").shrinking(Table.Shrinks.AT_ITS_END),
                Table.Column.text("TAG").shrinking(Table.Shrinks.AT_ITS_END),
                Table.Column.number("CONTEXT"),
                Table.Column.text("QUANT"),
                Table.Column.number("IN $/1M"),
                Table.Column.number("OUT $/1M"),
                Table.Column.number("UPTIME"));
        for (ModelEndpoint endpoint : endpoints) {
            table.row(
                    endpoint.provider(),
                    endpoint.tag() == null ? UNKNOWN : endpoint.tag(),
                    tokens(endpoint.contextLength()),
                    endpoint.quantization() == null ? UNKNOWN : endpoint.quantization(),
                    perMillion(endpoint.pricing().prompt()),
                    perMillion(out(endpoint.pricing(), List.of("text"))),
                    uptime(endpoint.extras()));
        }
        return table;
    }

    /**
     * The price of a token coming out: of an image, or of sound, where those are priced and words are not. Of a model that
     * gives no words a 0 says nothing: it may be priced by the image or by the search.
     */
    private static @Nullable BigDecimal out(Pricing pricing, List<String> modalities) {
        BigDecimal words = pricing.completion();
        if (words != null && words.signum() != 0) {
            return words;
        }
        for (BigDecimal other : Arrays.asList(pricing.imageOutput(), pricing.audioOutput())) {
            if (other != null && other.signum() != 0) {
                return other;
            }
        }
        return modalities.contains("text") || modalities.contains("embeddings") ? words : null;
    }

    /** An exact decimal, for example {@code 0.15}; {@code free}, {@code varies}. */
    private static String perMillion(@Nullable BigDecimal price) {
        if (price == null) {
            return UNKNOWN;
        } else if (price.signum() < 0) {
            return "varies";
        } else if (price.signum() == 0) {
            return "free";
        }
        BigDecimal shown = price.movePointRight(6).stripTrailingZeros();
        return (shown.scale() < 2 ? shown.setScale(2) : shown).toPlainString();
    }

    private static String tokens(@Nullable Long count) {
        return count == null ? UNKNOWN : String.format(Locale.ROOT, "%,d", count);
    }

    /** Of the last half hour, else of the last day. */
    private static String uptime(Map<String, RawJson> extras) {
        for (String name : List.of("uptime_last_30m", "uptime_last_1d", "uptime_last_5m")) {
            RawJson percent = extras.get(name);
            if (percent != null && percent.text().matches("\\d{1,3}(\\.\\d+)?")) {
                return new BigDecimal(percent.text()).setScale(1, RoundingMode.FLOOR) + "%";
            }
        }
        return UNKNOWN;
    }
}
