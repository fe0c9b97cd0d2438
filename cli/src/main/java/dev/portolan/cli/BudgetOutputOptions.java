package dev.portolan.cli;

import picocli.CommandLine.Option;

/** Options that say which budgets are meant, and what is printed. */
final class BudgetOutputOptions {
    @Option(names = "--offline", description = "The budgets of calls that the built-in simulator answers.")
    boolean offline;

    @Option(names = OutputOptions.JSON, description = "Print one JSON object, and an error as one too.")
    boolean json;

    @Option(
            names = {OutputOptions.VERBOSE_SHORT, OutputOptions.VERBOSE},
            description = "When something fails, print all that is known about it, and where it came from.")
    boolean verbose;
}
