package dev.portolan.cli;

import dev.portolan.api.chat.Reasoning;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say who answers, and how. */
final class AnswerOptions {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "<provider>/<model>, such as openrouter/anthropic/claude-sonnet-4.5. Default: the model of "
                    + "--request, else $PORTOLAN_MODEL, else " + ChatRequestReader.DEFAULT_MODEL + ".")
    @Nullable String model;

    @Option(
            names = "--fallback",
            paramLabel = "MODEL",
            description = "Another model for OpenRouter to try when the first cannot answer. Repeatable, in order.")
    List<String> fallbacks = List.of();

    @Option(names = "--temperature", paramLabel = "0..2", description = "Lower is more predictable.")
    @Nullable Double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "0..1",
            description = "Choose among the likeliest tokens with this share together.")
    @Nullable Double topP;

    @Option(
            names = "--max-tokens",
            paramLabel = "COUNT",
            description = "The longest the answer may be, in tokens, reasoning included.")
    @Nullable Integer maxTokens;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "For repeatable answers, where the model can.")
    @Nullable Long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "A text before which the answer ends. Repeatable, at most 4.")
    List<String> stop = List.of();

    @Option(
            names = "--reasoning",
            paramLabel = "EFFORT",
            converter = WordConverter.Effort.class,
            description = "How much the model thinks first: none, minimal, low, medium, high, xhigh or max.")
    Reasoning.@Nullable Effort reasoning;

    @Option(
            names = "--json-schema",
            paramLabel = "FILE",
            description = "A JSON schema that the answer must fit; the file's name is the schema's name.")
    @Nullable String jsonSchema;

    @Option(
            names = "--extra",
            paramLabel = "NAME=JSON",
            description = "Any other field of the request body, such as top_k=40. Repeatable.")
    List<String> extras = List.of();
}
