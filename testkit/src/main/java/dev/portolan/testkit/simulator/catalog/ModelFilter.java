package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.http.Query;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameters of {@code GET /models} but for the paging (OpenRouter reference: catalogue-and-account §1). */
final class ModelFilter {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    /** Those that order by what the simulator does not measure keep the catalogue's order. */
    private static final List<String> SORTS = List.of(
            "most-popular",
            "newest",
            "top-weekly",
            "pricing-low-to-high",
            "pricing-high-to-low",
            "context-high-to-low",
            "throughput-high-to-low",
            "latency-low-to-high",
            "intelligence-high-to-low",
            "coding-high-to-low",
            "agentic-high-to-low",
            "design-arena-elo-high-to-low");

    private final Query query;
    private final List<String> outputs;

    /** Takes the one modality that is wanted, or null to let the query say. */
    ModelFilter(Query query, @Nullable String onlyOutput) {
        this.query = query;
        List<String> asked = onlyOutput == null ? query.list("output_modalities") : List.of(onlyOutput);
        this.outputs = asked.isEmpty() ? List.of("text") : asked;
    }

    List<CatalogRow> apply(List<CatalogRow> rows) {
        int context = query.integer("context", 0, Integer.MAX_VALUE, 0);
        String words = text("q");
        Stream<CatalogRow> fitting = rows.stream()
                .filter(row -> outputs.contains("all")
                        || row.outputModalities().stream().anyMatch(outputs::contains))
                .filter(row -> row.inputModalities().containsAll(query.list("input_modalities")))
                .filter(row -> row.supportedParameters().containsAll(query.list("supported_parameters")))
                .filter(row -> row.contextLength() >= context)
                .filter(row -> contains(row.id(), words) || contains(row.name(), words))
                .filter(row ->
                        isOneOf("model_authors", row.id().replace("~", "").split("/", 2)[0]))
                .filter(row -> query.list("providers").isEmpty()
                        || (row.model() != null
                                && (isOneOf("providers", row.model().provider())
                                        || isOneOf("providers", row.model().providerSlug()))))
                .filter(row -> within(row.prompt(), "min_price", "max_price"))
                .filter(row -> within(row.completion(), "min_output_price", "max_output_price"));
        Comparator<CatalogRow> order = order();
        return (order == null ? fitting : fitting.sorted(order)).toList();
    }

    private String text(String name) {
        String text = query.text(name);
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean contains(String text, String words) {
        return text.toLowerCase(Locale.ROOT).contains(words);
    }

    private boolean isOneOf(String parameter, String value) {
        List<String> wanted = query.list(parameter);
        return wanted.isEmpty() || wanted.stream().anyMatch(value::equalsIgnoreCase);
    }

    /** Prices that vary are in no range. */
    private boolean within(@Nullable BigDecimal price, String min, String max) {
        BigDecimal least = query.number(min);
        BigDecimal most = query.number(max);
        if (least == null && most == null) {
            return true;
        }
        BigDecimal perMillion = price == null ? null : price.multiply(MILLION);
        return perMillion != null
                && (least == null || perMillion.compareTo(least) >= 0)
                && (most == null || perMillion.compareTo(most) <= 0);
    }

    /** Prices that vary come last, whichever way prices are ordered. */
    private @Nullable Comparator<CatalogRow> order() {
        String sort = query.oneOf("sort", SORTS);
        Comparator<BigDecimal> rising = Comparator.naturalOrder();
        return switch (sort == null ? "" : sort) {
            case "newest" -> Comparator.comparing(CatalogRow::created).reversed();
            case "context-high-to-low" ->
                Comparator.comparing(CatalogRow::contextLength).reversed();
            case "pricing-low-to-high" -> byPrice(Comparator.nullsLast(rising));
            case "pricing-high-to-low" -> byPrice(Comparator.nullsLast(rising.reversed()));
            default -> null;
        };
    }

    private static Comparator<CatalogRow> byPrice(Comparator<@Nullable BigDecimal> order) {
        return (one, other) -> {
            int byPrompt = order.compare(one.prompt(), other.prompt());
            return byPrompt != 0 ? byPrompt : order.compare(one.completion(), other.completion());
        };
    }
}
