package dev.portolan.cli;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Reconciler;
import dev.portolan.cost.Total;
import dev.portolan.cost.report.Breakdown;
import dev.portolan.cost.report.CostReport;
import dev.portolan.cost.report.HtmlReport;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** Tells what calls did cost. */
@Command(
        name = "costs",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        header = "Tells what calls did cost, by model, day, tag and more, to the last digit.",
        synopsisHeading = "%nUsage: ",
        description = {
            "",
            "Every call of 'portolan chat', 'embed' and 'image' is written down in a ledger. This adds up what they did cost; "
                    + "amounts are exact, in US dollars unless another currency is named. A cost that is not known is no part "
                    + "of a sum, and is told; one that was estimated from list prices is, and is told too. Days begin at "
                    + "midnight in UTC.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        footer = {
            "",
            "Examples:",
            "  portolan costs",
            "  portolan costs --since 7d --by day --by model",
            "  portolan costs --since month --by tag:team --sort calls --limit 5",
            "  portolan costs --since 2026-01 --until 2026-03 --html spring.html",
            "  portolan costs --by day --csv > days.csv",
            "  portolan costs --entries --limit 20 --outcome failed",
            "  portolan costs --json --since today | jq '.totals[].amount'",
            "  portolan costs --open --reconcile",
            "",
            "With --json one object is printed, on one line. Every member is always there, null if unknown:",
            "  simulated (whether the simulator answered), since, until (ISO 8601; until is not included)",
            "  totals: [sum], one a currency; tables: [{by, rows: [sum with key]}], one a --by",
            "    sum: {currency, calls, unknownCalls (not in the amount), estimatedCalls (in it), amount,",
            "    promptTokens, completionTokens, totalTokens}; amount is an exact decimal",
            "or, with --entries, in place of these two",
            "  entries: [{callId, operation, model, answeredBy: {model, upstream, generationIds}, tags, started,",
            "    latency, firstToken (seconds), outcome, error, attempts, usage, cost}]; usage and cost are as",
            "    for 'portolan chat --json'",
            "or, with --open, open: the same with age (seconds) and canBeAskedFor besides.",
            "With --csv the columns are named in the first line; --html prints the name of the file.",
            "An error is {\"error\": {…}} on standard error, as for 'portolan chat --json'."
        })
final class CostsCommand implements Callable<Integer> {
    private static final int USUAL_ENTRIES = 50;

    private final Terminal terminal;
    private final Settings settings;
    private final Function<Settings, Portolan> opener;
    private final Clock clock;

    @ArgGroup(validate = false, heading = "%nWhich calls:%n", order = 1)
    private CostsOptions wanted = new CostsOptions();

    @ArgGroup(validate = false, heading = "%nWhat is told of them:%n", order = 2)
    private CostsOutputOptions output = new CostsOutputOptions();

    CostsCommand(Terminal terminal, Settings settings, Function<Settings, Portolan> opener, Clock clock) {
        this.terminal = terminal;
        this.settings = settings;
        this.opener = opener;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        output.check();
        Instant now = clock.instant();
        LedgerQuery query = wanted.query(now);
        List<Breakdown> breakdowns = breakdowns();
        Path page = page();
        OpenLedger open = OpenLedger.toRead(settings, wanted.offline, terminal);
        try (open) {
            if (open.place().isShared() && wanted.offline) {
                query = query.withTag(LedgerPlace.SIMULATED_TAG, "true");
            }
            if (output.reconcile) {
                reconcile(open);
            }
            if (page != null) {
                writePage(page, CostReport.of(open.ledger(), query, clock));
            } else if (output.entries) {
                listEntries(open, query, now);
            } else if (output.open) {
                listOpen(open, query, now);
            } else {
                addUp(open, query, breakdowns);
            }
            open.notices().forEach(terminal::errLine);
        }
        return ExitCode.OK.code();
    }

    private void reconcile(OpenLedger open) {
        if (open.place().simulated()) {
            throw new IllegalArgumentException(
                    "--reconcile asks providers; the simulator that answered these calls has ended with its command");
        }
        try (Portolan portolan = opener.apply(LedgerPlace.nowhere(settings));
                Reconciler reconciler =
                        Reconciler.builder(open.ledger(), portolan.billing()).build()) {
            Reconciler.Result result = reconciler.reconcileNow();
            terminal.errLine(Summary.count(result.settled(), "call") + " settled, " + result.open()
                    + " still open that can be asked for");
            open.notices().forEach(terminal::errLine);
        }
    }

    private List<Breakdown> breakdowns() {
        try {
            return output.by.isEmpty()
                    ? List.of(Breakdown.MODEL)
                    : output.by.stream().map(Breakdown::parse).distinct().toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--by: " + e.getMessage(), e);
        }
    }

    private void addUp(OpenLedger open, LedgerQuery query, List<Breakdown> breakdowns) {
        Map<Breakdown, List<Total>> tables = new LinkedHashMap<>();
        for (Breakdown by : breakdowns) {
            tables.put(by, order(by).sorted(by.totals(open.ledger(), query)));
        }
        List<Total> all = Breakdown.together(tables.values().iterator().next());
        int limit = output.limit == null ? Integer.MAX_VALUE : output.limit;
        if (output.json) {
            terminal.out(CostsJson.totals(open.place().simulated(), query, all, first(limit, tables))
                            .text()
                    + "\n");
            return;
        } else if (output.csv) {
            terminal.out(CostsCsv.totals(first(limit, tables)));
            return;
        } else if (all.isEmpty()) {
            tellNothing(open, query);
            return;
        }
        boolean begun = false;
        for (Map.Entry<Breakdown, List<Total>> table : tables.entrySet()) {
            terminal.out(begun ? "\n" : "");
            print(CostTables.totals(table.getKey(), table.getValue(), limit, all));
            begun = true;
        }
        tellDoubts(open, query, all);
    }

    private CostTables.Order order(Breakdown by) {
        if (output.order != null) {
            return output.order;
        }
        return by.isTime() ? CostTables.Order.KEY : CostTables.Order.COST;
    }

    private static Map<String, List<Total>> first(int limit, Map<Breakdown, List<Total>> tables) {
        Map<String, List<Total>> first = new LinkedHashMap<>();
        tables.forEach((by, rows) -> first.put(by.name(), rows.subList(0, Math.min(limit, rows.size()))));
        return first;
    }

    private void tellDoubts(OpenLedger open, LedgerQuery query, List<Total> all) {
        long unknown = all.stream().mapToLong(Total::unknownCalls).sum();
        long estimated = all.stream().mapToLong(Total::estimatedCalls).sum();
        if (unknown > 0) {
            terminal.errLine(Summary.count(unknown, "call") + " of unknown cost " + (unknown == 1 ? "is" : "are")
                    + " not in these sums; see portolan costs --open");
        }
        if (estimated > 0) {
            terminal.errLine(Summary.count(estimated, "call") + " in these sums " + (estimated == 1 ? "has" : "have")
                    + " a cost that is estimated from list prices");
        }
        if (open.place().isShared() && !query.tags().containsKey(LedgerPlace.SIMULATED_TAG)) {
            List<Total> simulated =
                    open.ledger().totals(Grouping.NOTHING, query.withTag(LedgerPlace.SIMULATED_TAG, "true"));
            for (Total total : simulated) {
                Cost cost = new Cost(total.amount(), total.currency(), Cost.Source.REPORTED);
                terminal.errLine(Summary.count(total.calls(), "call") + " in these sums, " + cost
                        + " in all, were answered by the simulator and paid by nobody; --offline shows them alone");
            }
        }
        terminal.errLine(closing(open, query, all));
    }

    private static String closing(OpenLedger open, LedgerQuery query, List<Total> all) {
        long calls = all.stream().mapToLong(Total::calls).sum();
        return Summary.count(calls, open.place().simulated() ? "simulated call" : "call") + " · "
                + all.stream()
                        .map(total -> new Cost(total.amount(), total.currency(), Cost.Source.REPORTED).toString())
                        .collect(Collectors.joining(" and "))
                + period(query);
    }

    private static String period(LedgerQuery query) {
        List<String> ends = new ArrayList<>();
        if (query.since() != null) {
            ends.add("since " + query.since());
        }
        if (query.until() != null) {
            ends.add("before " + query.until());
        }
        return ends.isEmpty() ? "" : " · " + String.join(", ", ends);
    }

    private void listEntries(OpenLedger open, LedgerQuery query, Instant now) {
        int limit = output.limit == null ? USUAL_ENTRIES : output.limit;
        List<CostEvent> entries = open.ledger().entries(query.withNewestFirst().withLimit(limit));
        if (output.json) {
            terminal.out(
                    CostsJson.entries(open.place().simulated(), query, entries).text() + "\n");
        } else if (output.csv) {
            terminal.out(CostsCsv.entries(entries, now));
        } else if (entries.isEmpty()) {
            tellNothing(open, query);
        } else {
            print(CostTables.entries(entries));
            terminal.errLine(
                    entries.size() < limit
                            ? Summary.count(entries.size(), "call") + period(query)
                            : "the newest " + Summary.count(limit, "call") + "; --limit shows more" + period(query));
        }
    }

    private void listOpen(OpenLedger open, LedgerQuery query, Instant now) {
        int limit = output.limit == null ? Integer.MAX_VALUE : output.limit;
        List<CostEvent> entries = open.ledger().unknown(query.withLimit(limit));
        if (output.json) {
            terminal.out(CostsJson.open(open.place().simulated(), query, entries, now)
                            .text()
                    + "\n");
        } else if (output.csv) {
            terminal.out(CostsCsv.entries(entries, now));
        } else if (entries.isEmpty()) {
            terminal.errLine("no call of unknown cost" + period(query));
        } else {
            print(CostTables.open(entries, now));
            long known = entries.stream()
                    .filter(entry -> !entry.answeredBy().generationIds().isEmpty())
                    .count();
            terminal.errLine(Summary.count(entries.size(), "call") + " of unknown cost: the provider can be asked for "
                    + known + ", by the generation id; "
                    + (entries.size() - known) + " had no generation id yet");
        }
    }

    /** The file for the page; {@code null} if there is to be none. Checked before the ledger is read, which may take a while. */
    private @Nullable Path page() {
        if (output.html == null) {
            return null;
        }
        Path file = Path.of(output.html);
        Path folder = file.toAbsolutePath().getParent();
        if (output.html.isBlank() || output.html.equals("-") || Files.isDirectory(file)) {
            throw new IllegalArgumentException(
                    "--html: '" + output.html + "' is not a file name; give one such as costs.html");
        } else if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("--html: there is no folder " + folder + "; make it first");
        } else if (Files.exists(file) && !output.force) {
            throw new IllegalArgumentException("--html: " + file + " exists; --force overwrites it");
        }
        return file;
    }

    private void writePage(Path file, CostReport report) {
        String page = HtmlReport.of(report).render();
        try {
            if (output.force) {
                Files.writeString(file, page);
            } else {
                Files.writeString(file, page, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("--html: " + file + " exists; --force overwrites it", e);
        } catch (IOException e) {
            throw new OutputFailed(file.toString(), e);
        }
        terminal.out(file + "\n");
    }

    private void tellNothing(OpenLedger open, LedgerQuery query) {
        boolean all = query.equals(LedgerQuery.ALL);
        terminal.errLine(
                all && !open.place().isShared()
                        ? "No calls are written down yet; after 'portolan chat', 'embed' or 'image' their costs are here."
                        : "no call fits" + period(query));
    }

    private void print(Table table) {
        StringBuilder text = new StringBuilder();
        table.lines(terminal.width()).forEach(line -> text.append(line).append('\n'));
        terminal.out(text.toString());
    }
}
