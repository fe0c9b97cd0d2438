package dev.portolan.cost.report;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.CrossTotal;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a ledger says of the calls that match a query, gathered once: sums by day, model and all else, how quick the models were,
 * and which costs are not known. Sums are exact. Immutable; it holds sums, and of single calls at most {@value #MOST_OPEN}.
 *
 * <pre>{@code
 * CostReport report = CostReport.of(ledger, LedgerQuery.builder().since(monday).build());
 * Files.writeString(Path.of("week.html"), HtmlReport.of(report).render());
 * }</pre>
 *
 * <p>The ledger is asked several times: where calls are written down meanwhile, parts of the report may differ by them.
 */
public final class CostReport {
    /** How many calls of unknown cost are listed, the oldest first. */
    public static final int MOST_OPEN = 100;

    /** From how many calls the times are worked out, the newest. */
    public static final int TIMED_CALLS = 5_000;

    private final Instant made;
    private final LedgerQuery query;
    private final List<CrossTotal> byDayAndModel;
    private final List<CrossTotal> byDayAndOutcome;
    private final Map<Breakdown, List<Total>> totals = new LinkedHashMap<>();
    private final List<String> tagNames;
    private final List<Speed> speeds;
    private final List<CostEvent> open;

    private CostReport(Ledger ledger, LedgerQuery query, Instant made) {
        this.made = made;
        this.query = query;
        this.byDayAndModel = List.copyOf(ledger.totals(Grouping.DAY, Grouping.MODEL, query));
        this.byDayAndOutcome = List.copyOf(ledger.totals(Grouping.DAY, Grouping.OUTCOME, query));
        this.tagNames = List.copyOf(ledger.tagNames(query));
        this.speeds = Speed.of(ledger.entries(query.withNewestFirst().withLimit(TIMED_CALLS)));
        this.open = List.copyOf(ledger.unknown(query.withLimit(MOST_OPEN)));
        List<Total> days = byDayAndModel.stream()
                .map(cell -> Sums.withKey(cell.row(), cell.total()))
                .toList();
        for (Breakdown time : List.of(Breakdown.DAY, Breakdown.WEEK, Breakdown.MONTH)) {
            totals.put(time, time.fold(days.stream()));
        }
        totals.put(Breakdown.MODEL, Breakdown.MODEL.fold(byDayAndModel.stream().map(CrossTotal::total)));
        totals.put(
                Breakdown.OUTCOME,
                Breakdown.OUTCOME.fold(byDayAndOutcome.stream().map(CrossTotal::total)));
        for (Breakdown by : List.of(Breakdown.PROVIDER, Breakdown.UPSTREAM, Breakdown.OPERATION)) {
            totals.put(by, by.totals(ledger, query));
        }
        for (String name : tagNames) {
            Breakdown by = Breakdown.tag(name);
            totals.put(by, by.totals(ledger, query));
        }
    }

    /**
     * Of the calls that match, as the ledger has them now.
     *
     * @param query which calls; its limit does not count
     * @throws dev.portolan.cost.LedgerException if the ledger cannot be read
     */
    public static CostReport of(Ledger ledger, LedgerQuery query) {
        return of(ledger, query, Clock.systemUTC());
    }

    /**
     * The same, with another idea of what time it is.
     *
     * @param clock tells when the report is made
     */
    public static CostReport of(Ledger ledger, LedgerQuery query, Clock clock) {
        return new CostReport(
                Objects.requireNonNull(ledger, "ledger"), Objects.requireNonNull(query, "query"), clock.instant());
    }

    /** When it was made. */
    public Instant made() {
        return made;
    }

    /** Which calls it is of. */
    public LedgerQuery query() {
        return query;
    }

    /** What the calls cost in all, one total for each currency; empty if there are none. */
    public List<Total> total() {
        return Breakdown.together(by(Breakdown.DAY));
    }

    /**
     * Sums by anything but tags, or by a tag of {@link #tagNames()}, in the order of the keys.
     *
     * @return empty if there are no calls, or none with this tag
     */
    public List<Total> by(Breakdown breakdown) {
        return totals.getOrDefault(breakdown, List.of());
    }

    /** The names of the tags that the calls have, in alphabetical order. */
    public List<String> tagNames() {
        return tagNames;
    }

    /** Sums by day and, within it, by model. */
    public List<CrossTotal> byDayAndModel() {
        return byDayAndModel;
    }

    /** Sums by day and, within it, by the name of the {@link CostEvent.Outcome.Status}. */
    public List<CrossTotal> byDayAndOutcome() {
        return byDayAndOutcome;
    }

    /** How quick the models were in the newest {@value #TIMED_CALLS} calls, by model; only calls that were completed count. */
    public List<Speed> speeds() {
        return speeds;
    }

    /** The calls of which the cost is not known, the oldest first, at most {@value #MOST_OPEN}. */
    public List<CostEvent> open() {
        return open;
    }
}
