package dev.portolan.cli;

import dev.portolan.api.catalog.ModelQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which models are listed. */
final class ModelsOptions {
    @Option(
            names = "--input",
            paramLabel = "MODALITY",
            description = "Models that take this: text, image, audio, file or video. Repeatable; all of them.")
    List<String> input = List.of();

    @Option(
            names = "--output",
            paramLabel = "MODALITY",
            description = "Models that give this: text, image, embeddings, audio and others. Repeatable; any of them.")
    List<String> output = List.of();

    @Option(
            names = "--parameter",
            paramLabel = "NAME",
            description = "Models that support this field of a request, such as tools, reasoning or response_format. "
                    + "Repeatable; all of them.")
    List<String> parameters = List.of();

    @Option(
            names = "--min-context",
            paramLabel = "TOKENS",
            description = "Models with at least this context: 128000, 128k or 1M.",
            converter = TokensConverter.class)
    @Nullable Long minContext;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            converter = WordConverter.Order.class,
            description =
                    "price (cheapest prompt first), context (longest first), newest or id. Default: the provider's "
                            + "own order.")
    ModelQuery.@Nullable Order order;

    @Option(names = "--limit", paramLabel = "COUNT", description = "The first models only.")
    @Nullable Integer limit;

    @Option(
            names = "--endpoints",
            description = "List who runs one model, which is given by its id, with what limits and at what price.")
    boolean endpoints;
}
