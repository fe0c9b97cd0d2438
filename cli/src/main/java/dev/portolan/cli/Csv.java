package dev.portolan.cli;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Writes comma-separated values (RFC 4180): a header line, and lines that end with CR LF. */
final class Csv {
    /** What spreadsheets take for the beginning of a formula, or skip before one. */
    private static final String FORMULA = "=+-@\t\r\n";

    private final StringBuilder out = new StringBuilder();

    /** With these columns. */
    Csv(String... columns) {
        row((Object[]) columns);
    }

    /** Adds a line. A text is guarded, so that a spreadsheet does not run it; {@code null} is an empty field. */
    void row(@Nullable Object... cells) {
        for (int i = 0; i < cells.length; i++) {
            out.append(i == 0 ? "" : ",").append(field(cells[i]));
        }
        out.append("\r\n");
    }

    private static String field(@Nullable Object cell) {
        if (cell == null) {
            return "";
        } else if (cell instanceof BigDecimal number) {
            return number.toPlainString();
        } else if (cell instanceof Number || cell instanceof Boolean) {
            return cell.toString();
        }
        String text = cell.toString();
        if (!text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }

    /** All lines. */
    @Override
    public String toString() {
        return out.toString();
    }
}
