package dev.portolan.cli;

import picocli.CommandLine.Option;

/** Options that say what is printed of an answer. */
final class AnswerOutputOptions extends OutputOptions {
    @Option(
            names = "--no-stream",
            description = "Ask for the answer in one piece. The default is to print it while it is written.")
    boolean noStream;

    @Option(
            names = "--show-reasoning",
            description = "Print what the model thinks, as far as it is told, on standard error.")
    boolean showReasoning;
}
