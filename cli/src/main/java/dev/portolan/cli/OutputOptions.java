package dev.portolan.cli;

import picocli.CommandLine.Option;

/** Options that say what is printed. */
class OutputOptions {
    static final String JSON = "--json";
    static final String VERBOSE = "--verbose";
    static final String VERBOSE_SHORT = "-v";

    @Option(
            names = JSON,
            description = "Print the whole answer as one JSON object when it is complete, and an error as a JSON "
                    + "object on standard error. See below.")
    boolean json;

    @Option(
            names = {VERBOSE_SHORT, VERBOSE},
            description = "When something fails, print all that is known about it, and where it came from.")
    boolean verbose;
}
