package dev.portolan.cli;

import dev.portolan.api.embedding.EmbeddingRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which model embeds, and how. */
final class EmbedOptions {
    static final String DEFAULT_MODEL = "openrouter/openai/text-embedding-3-small";

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "<provider>/<model>. Default: " + DEFAULT_MODEL + ".")
    String model = DEFAULT_MODEL;

    @Option(
            names = "--dimensions",
            paramLabel = "COUNT",
            description = "How long the vectors should be, for models that can shorten them.")
    @Nullable Integer dimensions;

    @Option(
            names = "--encoding",
            paramLabel = "float|base64",
            converter = WordConverter.Encoding.class,
            description = "How vectors travel: base64 is the smaller. What is printed does not depend on it.")
    EmbeddingRequest.@Nullable Encoding encoding;

    @Option(
            names = "--input-type",
            paramLabel = "TYPE",
            description = "What the vectors are for, such as search_query or search_document, for models that care.")
    @Nullable String inputType;

    @Option(names = "--batch-size", paramLabel = "COUNT", description = "The most texts in one request. Default: 256.")
    int batchSize = EmbeddingRequest.Batching.DEFAULT.maxInputs();

    @Option(names = "--parallel", paramLabel = "COUNT", description = "The most requests at once. Default: 4.")
    int parallel = EmbeddingRequest.Batching.DEFAULT.maxParallel();

    @Option(
            names = "--extra",
            paramLabel = "NAME=JSON",
            description = "Any other field of the request body, such as 'provider={\"zdr\":true}'. Repeatable.")
    List<String> extras = List.of();
}
