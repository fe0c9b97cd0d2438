package dev.portolan.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which texts are embedded. */
final class TextOptions {
    @Option(
            names = "--input",
            paramLabel = "FILE|-",
            description = "A file with one text a line, after the texts given as arguments; - reads standard input.")
    @Nullable String input;

    @Option(
            names = "--skip-blank",
            description = "Leave out blank lines. They are an error otherwise, since vectors would not match lines.")
    boolean skipBlank;
}
