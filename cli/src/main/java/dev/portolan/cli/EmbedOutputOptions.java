package dev.portolan.cli;

import picocli.CommandLine.Option;

/** Options that say what is printed of vectors. */
final class EmbedOutputOptions {
    @Option(names = "--with-text", description = "Print each text with its vector.")
    boolean withText;

    @Option(names = "--base64", description = "Print vectors as Base64 of little-endian 32-bit floats, not as numbers.")
    boolean base64;

    @Option(
            names = OutputOptions.JSON,
            description = "Print the closing line as a JSON object on standard error, and an error too. See below.")
    boolean json;

    @Option(
            names = {OutputOptions.VERBOSE_SHORT, OutputOptions.VERBOSE},
            description = "When something fails, print all that is known about it, and where it came from.")
    boolean verbose;
}
