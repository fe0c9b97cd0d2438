package dev.portolan.cli;

import picocli.CommandLine.Option;

/** Options that say what a server keeps and tells of what it is asked. */
final class TrafficOptions {
    @Option(
            names = "--keep",
            paramLabel = "COUNT",
            description = "How many requests and bill entries are kept, the newest; totals stay exact. Default: 10000.")
    int keep = 10_000;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print no line for each request, and no bill at the end.")
    boolean quiet;

    /**
     * Checks what can be checked beforehand.
     *
     * @throws IllegalArgumentException if a value cannot be right
     */
    void check() {
        if (keep < 1) {
            throw new IllegalArgumentException("--keep must be at least 1, found " + keep);
        }
    }
}
