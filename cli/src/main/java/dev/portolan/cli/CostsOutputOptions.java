package dev.portolan.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what is told of calls, and in which form. */
final class CostsOutputOptions {
    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description =
                    "Sums by model (the default), provider, upstream (who ran the model), day, week, month, operation, "
                            + "outcome or tag:NAME. Repeatable; each is a table of its own.")
    List<String> by = List.of();

    @Option(names = "--entries", description = "The single calls instead of sums, the newest first.")
    boolean entries;

    @Option(
            names = "--open",
            description =
                    "The calls of which the cost is not known, the oldest first, and whether it can be asked for.")
    boolean open;

    @Option(
            names = "--reconcile",
            description = "First ask the providers what the calls of unknown cost were billed for, and write it down.")
    boolean reconcile;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            converter = WordConverter.CostOrder.class,
            description = "Sums by cost (the greatest first; the default), calls (the most first) or key. Times are in "
                    + "their order unless said otherwise.")
    CostTables.@Nullable Order order;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            description = "The first rows only; the table adds up the others. Default: all; 50 with --entries.")
    @Nullable Integer limit;

    @Option(
            names = "--csv",
            description =
                    "Print comma-separated values with a header line and exact decimals. A text that a spreadsheet "
                            + "would take for a formula gets an apostrophe before it.")
    boolean csv;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page with charts and tables that opens in any browser, without a network.")
    @Nullable String html;

    @Option(names = "--force", description = "Overwrite the file of --html if it exists.")
    boolean force;

    @Option(names = OutputOptions.JSON, description = "Print one JSON object, and an error as one too. See below.")
    boolean json;

    @Option(
            names = {OutputOptions.VERBOSE_SHORT, OutputOptions.VERBOSE},
            description = "When something fails, print all that is known about it, and where it came from.")
    boolean verbose;

    /**
     * Whether these can be honoured together.
     *
     * @throws IllegalArgumentException if not
     */
    void check() {
        if (limit != null && limit < 1) {
            throw new IllegalArgumentException("--limit must be at least 1, found " + limit);
        }
        if ((json ? 1 : 0) + (csv ? 1 : 0) + (html == null ? 0 : 1) > 1) {
            throw new IllegalArgumentException("--json, --csv and --html exclude each other; give one");
        }
        if ((entries ? 1 : 0) + (open ? 1 : 0) + (by.isEmpty() && order == null ? 0 : 1) > 1) {
            throw new IllegalArgumentException(
                    "--entries and --open list single calls and exclude each other, --by and --sort; give one");
        }
        if (html != null && (entries || open || !by.isEmpty() || order != null || limit != null)) {
            throw new IllegalArgumentException(
                    "--html writes all there is to tell of the calls; leave out --by, --sort, --limit, --entries, --open");
        }
        if (force && html == null) {
            throw new IllegalArgumentException("--force is for the file of --html; give that, or leave it out");
        }
    }
}
