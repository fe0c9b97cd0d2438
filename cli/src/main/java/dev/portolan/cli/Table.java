package dev.portolan.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows in columns that fit a width: where it is exceeded, the columns that may shrink do, and show it by an ellipsis. */
final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_WIDTH = 8;

    /**
     * A column.
     *
     * @param title what stands above it
     * @param right whether it is aligned at its right end, as numbers are
     * @param shrinks whether it may become narrower than its content, and where
     */
    record Column(String title, boolean right, Shrinks shrinks) {
        static Column text(String title) {
            return new Column(title, false, Shrinks.NOT);
        }

        static Column number(String title) {
            return new Column(title, true, Shrinks.NOT);
        }

        Column shrinking(Shrinks where) {
            return new Column(title, right, where);
        }
    }

    /** Which part of a cell is left out when there is no room for it. */
    enum Shrinks {
        NOT,
        AT_ITS_END,
        AT_ITS_BEGINNING
    }

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(Column... columns) {
        this.columns = List.of(columns);
        rows.add(this.columns.stream().map(Column::title).toList());
    }

    void row(String... cells) {
        rows.add(List.of(cells).stream().map(Terminal::oneLine).toList());
    }

    /**
     * The lines.
     *
     * @param width the most characters in a line; the columns that do not shrink may exceed it
     */
    List<String> lines(int width) {
        int[] widths = IntStream.range(0, columns.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> length(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        int excess = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) - width;
        for (int column = columns.size() - 1; column >= 0 && excess > 0; column--) {
            if (columns.get(column).shrinks() != Shrinks.NOT) {
                int taken = Math.min(excess, Math.max(0, widths[column] - LEAST_WIDTH));
                widths[column] -= taken;
                excess -= taken;
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell =
                    fitted(row.get(column), widths[column], columns.get(column).shrinks());
            String padding = " ".repeat(widths[column] - length(cell));
            line.append(column == 0 ? "" : GAP).append(columns.get(column).right() ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private static String fitted(String cell, int width, Shrinks where) {
        int excess = length(cell) - width;
        if (excess <= 0) {
            return cell;
        }
        return where == Shrinks.AT_ITS_BEGINNING
                ? "…" + cell.substring(cell.offsetByCodePoints(0, excess + 1))
                : cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
