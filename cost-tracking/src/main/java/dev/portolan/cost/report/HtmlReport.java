package dev.portolan.cost.report;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.cost.CrossTotal;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A report as a page with charts and tables: one HTML file that needs no network, no script and no other file, to be opened in
 * any browser, sent by mail or printed. It is light or dark as the reader's system is.
 *
 * <p>Figures in tables are exact. Charts are of the calls in US dollars, or of the currency that most calls have if none is in
 * dollars; what they show is in a table too. Everything that comes from the ledger is escaped, so that no tag or model name can
 * become markup. Immutable.
 */
public final class HtmlReport {
    private static final String TITLE = "What the calls cost";
    private static final int COLOURS = 8;
    private static final String REST = "rest";
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final CostReport report;
    private final String title;
    private final String currency;
    private final Map<String, String> colours = new HashMap<>();
    private final List<Total> ranked;

    private HtmlReport(CostReport report, String title) {
        this.report = report;
        this.title = title;
        this.currency = currencyOf(report.total());
        this.ranked = report.by(Breakdown.MODEL).stream()
                .filter(total -> total.currency().equals(currency))
                .sorted(Comparator.comparing(Total::amount)
                        .reversed()
                        .thenComparing(Comparator.comparingLong(Total::calls).reversed()))
                .toList();
        for (int i = 0; i < Math.min(COLOURS, ranked.size()); i++) {
            colours.put(key(ranked.get(i)), "s" + i);
        }
    }

    /** The page of a report. */
    public static HtmlReport of(CostReport report) {
        return new HtmlReport(Objects.requireNonNull(report, "report"), TITLE);
    }

    /**
     * The same with another title.
     *
     * @param newTitle default: {@value #TITLE}
     */
    public HtmlReport withTitle(String newTitle) {
        return new HtmlReport(report, Objects.requireNonNull(newTitle, "newTitle"));
    }

    private static String currencyOf(List<Total> totals) {
        return totals.stream()
                .filter(total -> total.currency().equals(Cost.USD))
                .findFirst()
                .or(() -> totals.stream().max(Comparator.comparingLong(Total::calls)))
                .map(Total::currency)
                .orElse(Cost.USD);
    }

    /** The whole page, to be written as UTF-8. */
    public String render() {
        Markup page = new Markup();
        page.raw("<!DOCTYPE html>\n").open("html", "lang", "en").line();
        page.open("head").raw("<meta charset=\"utf-8\"/>");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        // Nothing is loaded and nothing runs, whatever a text in the ledger tries.
        page.raw(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>");
        page.element("title", title)
                .line()
                .open("style")
                .raw(style())
                .close()
                .close()
                .line();
        page.open("body").line();
        head(page);
        page.open("main").line();
        if (report.total().isEmpty()) {
            page.open("section").element("p", "No call fits.").close();
        } else {
            body(page);
        }
        page.close().line();
        page.open("footer")
                .element(
                        "p",
                        "Amounts are exact sums of what the provider reported or, where it did not, of what list prices "
                                + "say; a cost that is not known is in no sum. Days begin at midnight in UTC. "
                                + "Made by Portolan on " + MINUTE.format(report.made()) + " UTC.")
                .close();
        return page.close().close().line().toString();
    }

    private static String style() {
        try (InputStream in =
                Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"), "report.css")) {
            return "\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The style sheet of reports cannot be read", e);
        }
    }

    private void head(Markup page) {
        page.open("header").element("h1", title).element("p", selection(), "class", "soft");
        if (!report.total().isEmpty()) {
            cards(page);
            doubts(page);
        }
        page.close().line();
    }

    /** For example {@code 2026-03-01 to 2026-03-31 · tag team = search}. */
    private String selection() {
        LedgerQuery query = report.query();
        List<String> parts = new ArrayList<>();
        List<Total> days = report.by(Breakdown.DAY);
        if (query.since() != null) {
            parts.add("since " + MINUTE.format(within(query.since())) + " UTC");
        }
        if (query.until() != null) {
            parts.add("before " + MINUTE.format(within(query.until())) + " UTC");
        }
        if (parts.isEmpty() && !days.isEmpty()) {
            String first = key(days.get(0));
            String last = key(days.get(days.size() - 1));
            parts.add(first.equals(last) ? first : first + " to " + last);
        }
        if (query.provider() != null) {
            parts.add("provider " + query.provider());
        }
        if (query.model() != null) {
            parts.add("model " + query.model());
        }
        if (query.operation() != null) {
            parts.add(query.operation().name().toLowerCase(Locale.ROOT) + " calls");
        }
        if (query.status() != null) {
            parts.add(query.status().name().toLowerCase(Locale.ROOT) + " calls");
        }
        query.tags().forEach((name, value) -> parts.add("tag " + name + " = " + value));
        return String.join(" · ", parts);
    }

    /** What a calendar can say. */
    private static Instant within(Instant time) {
        Instant first = Instant.parse("0001-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T00:00:00Z");
        return time.isBefore(first) ? first : time.isAfter(last) ? last : time;
    }

    private void cards(Markup page) {
        List<Total> totals =
                report.total().stream().sorted(CostTable.DOLLARS_FIRST).toList();
        page.open("dl", "class", "cards");
        for (Total total : totals) {
            card(page, "Cost", Amounts.exact(total.amount(), total.currency()), null, "wide");
        }
        long calls = totals.stream().mapToLong(Total::calls).sum();
        long failed = calls(Outcome.Status.FAILED);
        long cancelled = calls(Outcome.Status.CANCELLED);
        card(page, "Calls", Amounts.count(calls), null, "");
        card(
                page,
                "Failed",
                Amounts.count(failed),
                Amounts.percent(BigDecimal.valueOf(failed), BigDecimal.valueOf(calls))
                        + (cancelled == 0 ? "" : ", and " + Amounts.count(cancelled) + " cancelled"),
                "");
        card(page, "Tokens in", Amounts.count(sumOf(totals, Total::promptTokens)), null, "");
        card(page, "Tokens out", Amounts.count(sumOf(totals, Total::completionTokens)), null, "");
        page.close();
    }

    private static long sumOf(List<Total> totals, ToLongFunction<Total> count) {
        return totals.stream()
                .map(total -> BigDecimal.valueOf(count.applyAsLong(total)))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    private long calls(Outcome.Status status) {
        return report.byDayAndOutcome().stream()
                .map(CrossTotal::total)
                .filter(total -> status.name().equals(total.key()))
                .mapToLong(Total::calls)
                .sum();
    }

    private static void card(Markup page, String name, String figure, @Nullable String remark, String style) {
        page.open("div", "class", style).element("dt", name).open("dd").text(figure);
        if (remark != null) {
            page.element("small", remark);
        }
        page.close().close();
    }

    private void doubts(Markup page) {
        long unknown = report.total().stream().mapToLong(Total::unknownCalls).sum();
        long estimated =
                report.total().stream().mapToLong(Total::estimatedCalls).sum();
        if (unknown > 0) {
            page.element(
                    "p",
                    Amounts.count(unknown) + (unknown == 1 ? " call" : " calls")
                            + " of unknown cost are not in these sums; they are listed at the end.",
                    "class",
                    "notice");
        }
        if (estimated > 0) {
            page.element(
                    "p",
                    "The cost of " + Amounts.count(estimated) + (estimated == 1 ? " call" : " calls")
                            + " in these sums is estimated from list prices.",
                    "class",
                    "notice");
        }
    }

    private void body(Markup page) {
        TimeAxis axis = new TimeAxis(
                report.by(Breakdown.DAY).stream().map(HtmlReport::key).collect(Collectors.toCollection(TreeSet::new)));
        spending(page, axis);
        models(page);
        for (String name : report.tagNames()) {
            section(page, "Cost by tag “" + name + "”", name, report.by(Breakdown.tag(name)));
        }
        if (report.by(Breakdown.PROVIDER).size() > 1) {
            section(page, "Cost by provider", "Provider", report.by(Breakdown.PROVIDER));
        }
        if (report.by(Breakdown.UPSTREAM).stream().anyMatch(row -> row.key() != null)) {
            section(page, "Cost by who ran the model", "Upstream", report.by(Breakdown.UPSTREAM));
        }
        if (report.by(Breakdown.OPERATION).size() > 1) {
            section(page, "Cost by operation", "Operation", report.by(Breakdown.OPERATION));
        }
        outcomes(page, axis);
        if (!report.speeds().isEmpty()) {
            speeds(page);
        }
        if (!report.open().isEmpty()) {
            open(page);
        }
    }

    private static void section(Markup page, String heading, String column, List<Total> rows) {
        page.open("section").element("h2", heading);
        CostTable.dearestFirst(column, rows).draw(page);
        page.close().line();
    }

    // Spending

    private void spending(Markup page, TimeAxis axis) {
        Map<String, Map<String, BigDecimal>> amounts = new HashMap<>();
        for (CrossTotal cell : report.byDayAndModel()) {
            if (cell.total().currency().equals(currency) && cell.row() != null) {
                amounts.computeIfAbsent(axis.unit().keyOfDay(cell.row()), slot -> new HashMap<>())
                        .merge(key(cell.total()), cell.total().amount(), BigDecimal::add);
            }
        }
        List<StackedBars.Column> columns = new ArrayList<>();
        for (TimeAxis.Slot slot : axis.slots()) {
            columns.add(new StackedBars.Column(
                    slot.label(), slot.name(), parts(amounts.getOrDefault(slot.key(), Map.of()))));
        }
        String heading = "Cost per " + axis.unit().name();
        page.open("section").element("h2", heading + " and model");
        new StackedBars(
                        "spending",
                        heading + ", stacked by model",
                        columns,
                        amount -> Amounts.mark(amount, currency),
                        amount -> Amounts.exact(amount, currency))
                .draw(page);
        legend(page);
        page.open("details")
                .element("summary", "The sums of each " + axis.unit().name());
        new CostTable(capital(axis.unit().name()), report.by(axis.unit()), true, row -> null).draw(page);
        page.close().close().line();
    }

    /** The greatest of all time at the bottom, so that each keeps its place; the many small ones together on top. */
    private List<StackedBars.Part> parts(Map<String, BigDecimal> amounts) {
        List<StackedBars.Part> parts = new ArrayList<>();
        BigDecimal rest = BigDecimal.ZERO;
        boolean others = false;
        for (Total model : ranked) {
            BigDecimal amount = amounts.get(key(model));
            String colour = colours.get(key(model));
            if (amount != null && colour != null) {
                parts.add(new StackedBars.Part(key(model), colour, amount));
            } else if (amount != null) {
                rest = rest.add(amount);
                others = true;
            }
        }
        if (others) {
            parts.add(new StackedBars.Part("other models", REST, rest));
        }
        return parts;
    }

    private void legend(Markup page) {
        Map<String, String> items = new LinkedHashMap<>();
        ranked.stream().limit(COLOURS).forEach(model -> items.put(key(model), "" + colours.get(key(model))));
        if (ranked.size() > COLOURS) {
            items.put((ranked.size() - COLOURS) + " other models", REST);
        }
        legend(page, items);
    }

    private static void legend(Markup page, Map<String, String> items) {
        page.open("ul", "class", "legend", "aria-label", "Colours");
        items.forEach((name, style) -> {
            page.open("li");
            CostTable.swatch(page, style);
            page.text(name).close();
        });
        page.close().line();
    }

    private void models(Markup page) {
        page.open("section").element("h2", "Cost by model");
        new CostTable(
                        "Model",
                        report.by(Breakdown.MODEL),
                        false,
                        row -> row.currency().equals(currency) ? colours.getOrDefault(key(row), REST) : null)
                .draw(page);
        page.close().line();
    }

    // Calls

    private void outcomes(Markup page, TimeAxis axis) {
        Map<String, Map<Outcome.Status, Long>> calls = new HashMap<>();
        for (CrossTotal cell : report.byDayAndOutcome()) {
            if (cell.row() != null) {
                calls.computeIfAbsent(axis.unit().keyOfDay(cell.row()), slot -> new HashMap<>())
                        .merge(
                                Outcome.Status.valueOf(key(cell.total())),
                                cell.total().calls(),
                                Long::sum);
            }
        }
        List<StackedBars.Column> columns = new ArrayList<>();
        for (TimeAxis.Slot slot : axis.slots()) {
            List<StackedBars.Part> parts = new ArrayList<>();
            for (Outcome.Status status : Outcome.Status.values()) {
                Long count = calls.getOrDefault(slot.key(), Map.of()).get(status);
                if (count != null) {
                    parts.add(new StackedBars.Part(word(status), colour(status), BigDecimal.valueOf(count)));
                }
            }
            columns.add(new StackedBars.Column(slot.label(), slot.name(), parts));
        }
        page.open("section").element("h2", "Calls per " + axis.unit().name() + " and outcome");
        new StackedBars(
                        "outcomes",
                        "Calls per " + axis.unit().name() + ", stacked by outcome",
                        columns,
                        HtmlReport::calls,
                        HtmlReport::calls)
                .draw(page);
        Map<String, String> items = new LinkedHashMap<>();
        for (Outcome.Status status : Outcome.Status.values()) {
            items.put(word(status), colour(status));
        }
        legend(page, items);
        page.open("details")
                .element("summary", "The calls of each " + axis.unit().name());
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        page.element("th", capital(axis.unit().name()), "scope", "col");
        for (Outcome.Status status : Outcome.Status.values()) {
            page.element("th", capital(word(status)), "scope", "col", "class", "number");
        }
        page.close().close().open("tbody").line();
        for (TimeAxis.Slot slot : axis.slots()) {
            page.open("tr").element("td", slot.name(), "class", "name");
            for (Outcome.Status status : Outcome.Status.values()) {
                long count = calls.getOrDefault(slot.key(), Map.of()).getOrDefault(status, 0L);
                CostTable.number(page, Amounts.count(count));
            }
            page.close().line();
        }
        page.close().close().close().close().close().line();
        if (report.by(Breakdown.OUTCOME).size() > 1) {
            section(page, "Cost by outcome", "Outcome", report.by(Breakdown.OUTCOME));
        }
    }

    private static String calls(BigDecimal count) {
        return count.stripTrailingZeros().scale() > 0 ? "" : Amounts.count(count.longValue());
    }

    private static String word(Outcome.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static String colour(Outcome.Status status) {
        return switch (status) {
            case COMPLETED -> "good";
            case FAILED -> "bad";
            case CANCELLED -> "left";
        };
    }

    // Times

    private void speeds(Markup page) {
        Duration longest = report.speeds().stream()
                .map(speed -> speed.latency().most())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        page.open("section")
                .element("h2", "How quick the models were")
                .element(
                        "p",
                        "Of the newest " + Amounts.count(CostReport.TIMED_CALLS)
                                + " calls, those that were completed. Half of them took no longer than the dark bar, 95 in "
                                + "100 no longer than the light one.",
                        "class",
                        "soft");
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        page.element("th", "Model", "scope", "col").element("th", "", "aria-hidden", "true");
        for (String heading : List.of("Calls", "Half in", "95 % in", "First token, half in", "95 % in")) {
            page.element("th", heading, "scope", "col", "class", "number");
        }
        page.close().close().open("tbody").line();
        report.speeds().stream()
                .sorted(Comparator.comparingInt(Speed::calls).reversed())
                .limit(CostTable.MOST_ROWS)
                .forEach(speed -> {
                    page.open("tr")
                            .element("td", speed.model(), "class", "name")
                            .open("td", "class", "bars");
                    CostTable.begin(page);
                    CostTable.rect(page, "faint", part(speed.latency().most(), longest));
                    CostTable.rect(page, "accent", part(speed.latency().half(), longest));
                    page.close().close();
                    CostTable.number(page, Amounts.count(speed.calls()));
                    times(page, speed.latency());
                    times(page, speed.firstToken());
                    page.close().line();
                });
        page.close().close().close().close().line();
    }

    private static void times(Markup page, Speed.@Nullable Percentiles times) {
        CostTable.number(page, times == null ? "–" : Amounts.seconds(times.half()));
        CostTable.number(page, times == null ? "–" : Amounts.seconds(times.most()));
    }

    private static double part(Duration time, Duration longest) {
        return longest.isZero() ? 0 : (double) time.toNanos() / longest.toNanos();
    }

    // Calls of unknown cost

    private void open(Markup page) {
        long unknown = report.total().stream().mapToLong(Total::unknownCalls).sum();
        page.open("section")
                .element("h2", "Calls of unknown cost")
                .element(
                        "p",
                        (unknown > report.open().size()
                                        ? "The oldest " + report.open().size() + ". "
                                        : "")
                                + "What a call with a generation id did cost can be asked for; without one nobody knows.",
                        "class",
                        "soft");
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (String heading : List.of("Time (UTC)", "Model", "Tags", "Outcome", "Generation id")) {
            page.element("th", heading, "scope", "col");
        }
        page.close().close().open("tbody").line();
        for (CostEvent entry : report.open()) {
            String error = entry.outcome().error();
            page.open("tr")
                    .element("td", MINUTE.format(entry.timing().started().truncatedTo(ChronoUnit.MINUTES)))
                    .element("td", entry.model().toString(), "class", "name")
                    .element(
                            "td",
                            entry.tags().entrySet().stream()
                                    .map(Map.Entry::toString)
                                    .collect(Collectors.joining(", ")),
                            "class",
                            "name")
                    .element("td", word(entry.outcome().status()) + (error == null ? "" : " (" + error + ")"))
                    .open("td")
                    .element("code", String.join(", ", entry.answeredBy().generationIds()))
                    .close()
                    .close()
                    .line();
        }
        page.close().close().close().close().line();
    }

    private static String key(Total total) {
        return total.key() == null ? "" : total.key();
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
