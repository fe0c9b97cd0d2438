package dev.portolan.cost.report;

import dev.portolan.api.cost.Cost;
import dev.portolan.cost.Total;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sums as a table, with a bar for each row: the table is the chart, and its exact figures. */
final class CostTable {
    static final Comparator<Total> DOLLARS_FIRST = Comparator.comparing(
                    (Total total) -> !total.currency().equals(Cost.USD))
            .thenComparing(Total::currency);

    static final int MOST_ROWS = 25;

    private final String heading;
    private final List<Total> rows;
    private final boolean sorted;
    private final Function<Total, @Nullable String> swatch;

    /**
     * A table.
     *
     * @param heading of the first column
     * @param sorted whether the rows stay as they are, all of them; else the dearest come first, and the others are added up
     * @param swatch the class of a row's colour elsewhere on the page; {@code null} if it has none
     */
    CostTable(String heading, List<Total> rows, boolean sorted, Function<Total, @Nullable String> swatch) {
        this.heading = heading;
        this.rows = rows;
        this.sorted = sorted;
        this.swatch = swatch;
    }

    static CostTable dearestFirst(String heading, List<Total> rows) {
        return new CostTable(heading, rows, false, row -> null);
    }

    void draw(Markup page) {
        List<Total> ordered = sorted
                ? rows
                : rows.stream()
                        .sorted(DOLLARS_FIRST
                                .thenComparing(
                                        Comparator.comparing(Total::amount).reversed())
                                .thenComparing(
                                        Comparator.comparingLong(Total::calls).reversed()))
                        .toList();
        List<Total> shown = sorted ? ordered : ordered.subList(0, Math.min(MOST_ROWS, ordered.size()));
        List<Total> others = Breakdown.together(ordered.subList(shown.size(), ordered.size())).stream()
                .sorted(DOLLARS_FIRST)
                .toList();
        List<Total> sums =
                Breakdown.together(rows).stream().sorted(DOLLARS_FIRST).toList();
        Map<String, BigDecimal> highest = new TreeMap<>();
        shown.forEach(row -> highest.merge(row.currency(), row.amount(), BigDecimal::max));
        Map<String, BigDecimal> whole = new TreeMap<>();
        sums.forEach(sum -> whole.put(sum.currency(), sum.amount()));
        List<Total> all = new ArrayList<>(shown);
        all.addAll(others);
        all.addAll(sums);
        int decimals = Amounts.decimals(all);
        boolean unknown = sums.stream().anyMatch(sum -> sum.unknownCalls() > 0);
        boolean estimated = sums.stream().anyMatch(sum -> sum.estimatedCalls() > 0);

        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        page.element("th", heading, "scope", "col").element("th", "", "aria-hidden", "true");
        for (String title : titles(unknown, estimated)) {
            page.element("th", title, "scope", "col", "class", "number");
        }
        page.close().close().open("tbody").line();
        for (Total row : shown) {
            String colour = swatch.apply(row);
            page.open("tr");
            name(page, row.key(), colour);
            bar(page, row.amount(), highest.get(row.currency()), colour == null ? "accent" : colour);
            figures(page, row, decimals, whole, unknown, estimated);
            page.close().line();
        }
        for (Total row : others) {
            page.open("tr", "class", "others")
                    .element("td", (ordered.size() - shown.size()) + " others", "class", "name")
                    .element("td", "");
            figures(page, row, decimals, whole, unknown, estimated);
            page.close().line();
        }
        for (Total row : sums) {
            page.open("tr", "class", "sum").element("td", "Total").element("td", "");
            figures(page, row, decimals, whole, unknown, estimated);
            page.close().line();
        }
        page.close().close().close().line();
    }

    private static void name(Markup page, @Nullable String key, @Nullable String colour) {
        page.open("td", "class", "name").open("div");
        if (colour != null) {
            swatch(page, colour);
        }
        if (key == null || key.isEmpty()) {
            page.element("span", key == null ? "none" : "empty", "class", "none");
        } else {
            page.element("span", key);
        }
        page.close().close();
    }

    private static List<String> titles(boolean unknown, boolean estimated) {
        List<String> titles = new ArrayList<>(List.of("Cost", "Share", "Calls", "Tokens in", "Tokens out"));
        if (estimated) {
            titles.add("Estimated");
        }
        if (unknown) {
            titles.add("Unknown cost");
        }
        return titles;
    }

    private static void figures(
            Markup page, Total row, int decimals, Map<String, BigDecimal> whole, boolean unknown, boolean estimated) {
        number(page, Amounts.aligned(row, decimals));
        number(page, Amounts.percent(row.amount(), whole.getOrDefault(row.currency(), BigDecimal.ZERO)));
        number(page, Amounts.count(row.calls()));
        number(page, Amounts.count(row.promptTokens()));
        number(page, Amounts.count(row.completionTokens()));
        if (estimated) {
            number(page, row.estimatedCalls() == 0 ? "" : Amounts.count(row.estimatedCalls()));
        }
        if (unknown) {
            number(page, row.unknownCalls() == 0 ? "" : Amounts.count(row.unknownCalls()));
        }
    }

    static void number(Markup page, String text) {
        page.element("td", text, "class", "number");
    }

    static void swatch(Markup page, String style) {
        page.open("svg", "class", "swatch", "viewBox", "0 0 10 10", "aria-hidden", "true")
                .empty("rect", "class", style, "width", "10", "height", "10", "rx", "2")
                .close();
    }

    /** What it shows stands in the same row. */
    private static void bar(Markup page, BigDecimal amount, @Nullable BigDecimal highest, String style) {
        page.open("td", "class", "bars");
        if (highest != null && highest.signum() > 0 && amount.signum() > 0) {
            bars(page, style, amount.doubleValue() / highest.doubleValue());
        }
        page.close();
    }

    /** Bars over each other, the later ones in front; each a part of the cell's width. */
    static void bars(Markup page, String style, double part) {
        begin(page);
        rect(page, style, part);
        page.close();
    }

    static void begin(Markup page) {
        page.open("svg", "viewBox", "0 0 100 10", "preserveAspectRatio", "none", "aria-hidden", "true");
    }

    static void rect(Markup page, String style, double part) {
        String width = String.format(Locale.ROOT, "%.2f", Math.max(0.4, 100 * Math.min(1, part)));
        page.empty("rect", "class", style, "width", width, "height", "10");
    }
}
