package dev.portolan.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what is asked. */
final class PromptOptions {
    @Option(
            names = {"-s", "--system"},
            paramLabel = "TEXT",
            description = "Instructions for the model. With --request, in place of those the body begins with.")
    @Nullable String system;

    @Option(
            names = "--image",
            paramLabel = "FILE|URL",
            description = "An image to look at: png, jpeg, webp or gif. Repeatable.")
    List<String> images = List.of();

    @Option(names = "--file", paramLabel = "FILE|URL", description = "A document to read, such as a PDF. Repeatable.")
    List<String> files = List.of();

    @Option(
            names = "--audio",
            paramLabel = "FILE",
            description = "A sound to listen to: wav, mp3, flac, m4a, ogg, aiff, aac, pcm16 or pcm24. Repeatable.")
    List<String> audio = List.of();

    @Option(
            names = "--request",
            paramLabel = "FILE|-",
            description = "A request in the JSON form of OpenAI and OpenRouter, as one would give it to curl; - reads "
                    + "standard input. Options given beside it win over its fields, a prompt is added as a further "
                    + "user message. The answer is streamed if the body says \"stream\": true.")
    @Nullable String request;
}
