package dev.portolan.cost.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A chart of columns, each a stack of parts, as SVG. Whatever it shows is told in words too: by titles, and by its description. */
final class StackedBars {
    private static final double WIDTH = 1032;
    private static final double HEIGHT = 280;
    private static final double TOP = 12;
    private static final double BOTTOM = 26;
    private static final double RIGHT = 8;
    private static final double LETTER = 7.2;
    private static final double WIDEST_BAR = 56;
    private static final double LABEL_ROOM = 92;

    private final String id;
    private final String title;
    private final List<Column> columns;
    private final Function<BigDecimal, String> mark;
    private final Function<BigDecimal, String> exact;

    /**
     * A column.
     *
     * @param label below it
     * @param name in full
     * @param parts from the bottom
     */
    record Column(String label, String name, List<Part> parts) {
        BigDecimal height() {
            return parts.stream().map(Part::drawn).reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }

    /**
     * A part of a column.
     *
     * @param name of what
     * @param style the class of its colour
     */
    record Part(String name, String style, BigDecimal amount) {
        /** A negative amount has no height. */
        BigDecimal drawn() {
            return amount.max(BigDecimal.ZERO);
        }
    }

    /**
     * A chart.
     *
     * @param id of the chart on its page
     * @param mark how amounts are written at the axis
     * @param exact how they are written in full
     */
    StackedBars(
            String id,
            String title,
            List<Column> columns,
            Function<BigDecimal, String> mark,
            Function<BigDecimal, String> exact) {
        this.id = id;
        this.title = title;
        this.columns = columns;
        this.mark = mark;
        this.exact = exact;
    }

    void draw(Markup page) {
        BigDecimal highest =
                columns.stream().map(Column::height).max(BigDecimal::compareTo).orElse(BigDecimal.ZERO);
        BigDecimal step = Amounts.step(highest);
        List<BigDecimal> marks = new ArrayList<>(List.of(BigDecimal.ZERO));
        while (marks.get(marks.size() - 1).compareTo(highest) < 0) {
            marks.add(marks.get(marks.size() - 1).add(step));
        }
        if (marks.size() == 1) {
            marks.add(step);
        }
        double left = 12
                + LETTER
                        * marks.stream()
                                .mapToInt(each -> mark.apply(each).length())
                                .max()
                                .orElse(1);
        page.open("div", "class", "chart")
                .open(
                        "svg",
                        "viewBox",
                        "0 0 " + number(WIDTH) + " " + number(HEIGHT),
                        "role",
                        "img",
                        "aria-labelledby",
                        id + "-title " + id + "-desc")
                .element("title", title, "id", id + "-title")
                .element("desc", description(), "id", id + "-desc")
                .line();
        double bottom = HEIGHT - BOTTOM;
        BigDecimal top = marks.get(marks.size() - 1);
        for (BigDecimal each : marks) {
            double y = bottom - part(each, top) * (bottom - TOP);
            page.empty(
                            "line",
                            "class",
                            each.signum() == 0 ? "base" : "grid",
                            "x1",
                            number(left),
                            "x2",
                            number(WIDTH - RIGHT),
                            "y1",
                            number(y),
                            "y2",
                            number(y))
                    .element("text", mark.apply(each), "x", number(left - 8), "y", number(y + 4), "text-anchor", "end")
                    .line();
        }
        columns(page, left, bottom, top);
        page.close().close().line();
    }

    private void columns(Markup page, double left, double bottom, BigDecimal top) {
        double room = (WIDTH - RIGHT - left) / Math.max(1, columns.size());
        double width = Math.min(WIDEST_BAR, Math.max(1, room * 0.78));
        int every = (int) Math.max(1, Math.ceil(LABEL_ROOM / room));
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double middle = left + room * (i + 0.5);
            page.open("g", "class", "column")
                    .empty(
                            "rect",
                            "class",
                            "hit",
                            "x",
                            number(middle - room / 2),
                            "y",
                            number(TOP),
                            "width",
                            number(room),
                            "height",
                            number(bottom - TOP));
            double y = bottom;
            for (Part part : column.parts()) {
                double height = part(part.drawn(), top) * (bottom - TOP);
                if (height > 0) {
                    y -= height;
                    page.open(
                                    "rect",
                                    "class",
                                    part.style(),
                                    "x",
                                    number(middle - width / 2),
                                    "y",
                                    number(y),
                                    "width",
                                    number(width),
                                    "height",
                                    number(height))
                            .element("title", column.name() + " · " + part.name() + ": " + exact.apply(part.amount()))
                            .close();
                }
            }
            page.element("title", column.name() + ": " + exact.apply(sum(column)));
            page.close();
            if (i % every == 0) {
                page.element(
                        "text",
                        column.label(),
                        "x",
                        number(middle),
                        "y",
                        number(HEIGHT - 7),
                        "text-anchor",
                        anchor(i, middle, left));
            }
            page.line();
        }
    }

    /** At the ends a label may have no room to be centred. */
    private static String anchor(int index, double middle, double left) {
        if (index == 0 && middle - LABEL_ROOM / 2 < left - 30) {
            return "start";
        }
        return middle + LABEL_ROOM / 2 > WIDTH ? "end" : "middle";
    }

    private String description() {
        if (columns.isEmpty()) {
            return "Nothing to show.";
        }
        Column first = columns.get(0);
        Column last = columns.get(columns.size() - 1);
        Column most = first;
        for (Column column : columns) {
            most = column.height().compareTo(most.height()) > 0 ? column : most;
        }
        return (columns.size() == 1
                        ? "One column, " + first.name()
                        : columns.size() + " columns, from " + first.name() + " to " + last.name())
                + "; the highest is " + most.name() + " with " + exact.apply(sum(most))
                + ". The same is in the table below.";
    }

    private static BigDecimal sum(Column column) {
        return column.parts().stream().map(Part::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Only for drawing: no figure that is read goes through it. */
    private static double part(BigDecimal amount, BigDecimal top) {
        return amount.doubleValue() / top.doubleValue();
    }

    private static String number(double coordinate) {
        String text = String.format(Locale.ROOT, "%.2f", coordinate);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }
}
