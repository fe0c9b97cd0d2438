package dev.portolan.cli;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.Total;
import dev.portolan.cost.report.Breakdown;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Costs as tables for people. */
final class CostTables {
    private static final String UNKNOWN = "–";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private CostTables() {}

    /** In what order sums are listed. */
    enum Order {
        COST,
        CALLS,
        KEY;

        /** Totals that are in the order of their keys, in this order; what is equal stays as it was. */
        List<Total> sorted(List<Total> totals) {
            return switch (this) {
                case COST ->
                    totals.stream()
                            .sorted(Comparator.comparing(Total::amount).reversed())
                            .toList();
                case CALLS ->
                    totals.stream()
                            .sorted(Comparator.comparingLong(Total::calls).reversed())
                            .toList();
                case KEY -> totals;
            };
        }
    }

    /**
     * Sums, one row each.
     *
     * @param by what the keys are
     * @param rows in their order
     * @param limit how many of them are shown; the others are added up
     * @param all the sum of all, one for each currency
     */
    static Table totals(Breakdown by, List<Total> rows, int limit, List<Total> all) {
        List<Total> shown = rows.subList(0, Math.min(limit, rows.size()));
        List<Total> rest = Breakdown.together(rows.subList(shown.size(), rows.size()));
        List<Total> lines = new ArrayList<>(shown);
        lines.addAll(rest);
        lines.addAll(all);
        boolean dollars = lines.stream().allMatch(line -> line.currency().equals(Cost.USD));
        boolean unknown = all.stream().anyMatch(total -> total.unknownCalls() > 0);
        boolean estimated = all.stream().anyMatch(total -> total.estimatedCalls() > 0);
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.Column.text(by.name().toUpperCase(Locale.ROOT))
                        .shrinking(
                                by.equals(Breakdown.MODEL) ? Table.Shrinks.AT_ITS_BEGINNING : Table.Shrinks.AT_ITS_END),
                Table.Column.number("CALLS"),
                Table.Column.number("IN"),
                Table.Column.number("OUT"),
                Table.Column.number(dollars ? "COST $" : "COST")));
        if (!dollars) {
            columns.add(Table.Column.text("CURRENCY"));
        }
        if (estimated) {
            columns.add(Table.Column.number("ESTIMATED"));
        }
        if (unknown) {
            columns.add(Table.Column.number("UNKNOWN"));
        }
        Table table = new Table(columns.toArray(Table.Column[]::new));
        DecimalColumn amounts =
                DecimalColumn.of(lines.stream().map(Total::amount).toList());
        for (int i = 0; i < lines.size(); i++) {
            Total line = lines.get(i);
            String key = line.key() == null ? UNKNOWN : line.key();
            String name = i < shown.size()
                    ? key
                    : i < shown.size() + rest.size() ? (rows.size() - shown.size()) + " others" : "total";
            List<String> cells = new ArrayList<>(List.of(
                    name,
                    count(line.calls()),
                    count(line.promptTokens()),
                    count(line.completionTokens()),
                    amounts.cell(line.amount())));
            if (!dollars) {
                cells.add(line.currency());
            }
            if (estimated) {
                cells.add(line.estimatedCalls() == 0 ? "" : count(line.estimatedCalls()));
            }
            if (unknown) {
                cells.add(line.unknownCalls() == 0 ? "" : count(line.unknownCalls()));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** Single calls. */
    static Table entries(List<CostEvent> entries) {
        Table table = new Table(
                Table.Column.text("TIME (UTC)"),
                Table.Column.text("MODEL").shrinking(Table.Shrinks.AT_ITS_BEGINNING),
                Table.Column.text("TAGS").shrinking(Table.Shrinks.AT_ITS_END),
                Table.Column.number("IN"),
                Table.Column.number("OUT"),
                Table.Column.number("COST"),
                Table.Column.number("LATENCY"),
                Table.Column.number("FIRST"),
                Table.Column.text("OUTCOME").shrinking(Table.Shrinks.AT_ITS_END),
                Table.Column.text("GENERATION").shrinking(Table.Shrinks.AT_ITS_END));
        DecimalColumn amounts = DecimalColumn.of(
                entries.stream().map(entry -> entry.cost().amount()).toList());
        for (CostEvent entry : entries) {
            table.row(
                    TIME.format(entry.timing().started()),
                    entry.model().toString(),
                    tags(entry),
                    entry.usage().isReported() ? count(entry.usage().promptTokens()) : UNKNOWN,
                    entry.usage().isReported() ? count(entry.usage().completionTokens()) : UNKNOWN,
                    cost(entry.cost(), amounts),
                    seconds(entry.timing().latency()),
                    seconds(entry.timing().firstToken()),
                    outcome(entry),
                    generations(entry));
        }
        return table;
    }

    /** Calls of which the cost is not known. */
    static Table open(List<CostEvent> entries, Instant now) {
        Table table = new Table(
                Table.Column.text("TIME (UTC)"),
                Table.Column.number("AGE"),
                Table.Column.text("MODEL").shrinking(Table.Shrinks.AT_ITS_BEGINNING),
                Table.Column.text("TAGS").shrinking(Table.Shrinks.AT_ITS_END),
                Table.Column.text("OUTCOME").shrinking(Table.Shrinks.AT_ITS_END),
                Table.Column.text("GENERATION").shrinking(Table.Shrinks.AT_ITS_END));
        for (CostEvent entry : entries) {
            table.row(
                    TIME.format(entry.timing().started()),
                    age(Duration.between(entry.timing().started(), now)),
                    entry.model().toString(),
                    tags(entry),
                    outcome(entry),
                    generations(entry));
        }
        return table;
    }

    private static String cost(Cost cost, DecimalColumn amounts) {
        BigDecimal amount = cost.amount();
        if (amount == null) {
            return amounts.cell("unknown");
        }
        String sign = cost.currency().equals(Cost.USD) ? "$" : cost.currency() + " ";
        return (cost.source() == Cost.Source.ESTIMATED ? "~" : "") + sign + amounts.cell(amount);
    }

    private static String outcome(CostEvent entry) {
        String error = entry.outcome().error();
        return Json.lower(entry.outcome().status()) + (error == null ? "" : " (" + error + ")");
    }

    private static String generations(CostEvent entry) {
        List<String> ids = entry.answeredBy().generationIds();
        return ids.isEmpty() ? UNKNOWN : ids.get(0) + (ids.size() == 1 ? "" : " and " + (ids.size() - 1) + " more");
    }

    private static String tags(CostEvent entry) {
        Map<String, String> tags = entry.tags();
        return tags.isEmpty()
                ? UNKNOWN
                : tags.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
    }

    private static String seconds(@Nullable Duration time) {
        return time == null ? UNKNOWN : BigDecimal.valueOf(time.toMillis(), 3).setScale(2, RoundingMode.HALF_UP) + "s";
    }

    /** In the greatest unit of which there is one. */
    private static String age(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d";
        } else if (time.toHours() > 0) {
            return time.toHours() + "h";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m" : Math.max(0, time.toSeconds()) + "s";
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
