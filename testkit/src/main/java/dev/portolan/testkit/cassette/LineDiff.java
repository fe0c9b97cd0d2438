package dev.portolan.testkit.cassette;

import java.util.ArrayList;
import java.util.List;

/** What has changed between two lists of lines, as a person reads it. */
final class LineDiff {
    /** How many unchanged lines are shown around those that changed. */
    private static final int CONTEXT = 3;

    /** What is longer is shortened to the part that differs. */
    private static final int LONGEST_LINE = 200;

    /** More cells than this in the table, and the middle counts as replaced as a whole. */
    private static final long LARGEST_TABLE = 4_000_000;

    private record Line(char sign, String text) {}

    private LineDiff() {}

    /** How many lines would have to be removed and added. */
    static int distance(List<String> before, List<String> after) {
        return (int)
                lines(before, after).stream().filter(line -> line.sign() != ' ').count();
    }

    /** Lines that begin with {@code -} are of the first list only, with {@code +} of the second. */
    static String of(List<String> before, List<String> after) {
        List<Line> lines = shortened(lines(before, after));
        StringBuilder text = new StringBuilder();
        boolean gap = false;
        for (int i = 0; i < lines.size(); i++) {
            if (isNearChange(lines, i)) {
                if (gap) {
                    text.append("  …\n");
                }
                text.append(lines.get(i).sign())
                        .append(' ')
                        .append(lines.get(i).text())
                        .append('\n');
                gap = false;
            } else {
                gap = true;
            }
        }
        return text.toString();
    }

    private static boolean isNearChange(List<Line> lines, int i) {
        return lines.subList(Math.max(0, i - CONTEXT), Math.min(lines.size(), i + CONTEXT + 1)).stream()
                .anyMatch(line -> line.sign() != ' ');
    }

    private static List<Line> lines(List<String> before, List<String> after) {
        int start = 0;
        int shorter = Math.min(before.size(), after.size());
        while (start < shorter && before.get(start).equals(after.get(start))) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        List<Line> lines = new ArrayList<>();
        before.subList(0, start).forEach(line -> lines.add(new Line(' ', line)));
        changed(before.subList(start, before.size() - end), after.subList(start, after.size() - end), lines);
        before.subList(before.size() - end, before.size()).forEach(line -> lines.add(new Line(' ', line)));
        return lines;
    }

    private static void changed(List<String> before, List<String> after, List<Line> lines) {
        if ((long) before.size() * after.size() > LARGEST_TABLE) {
            before.forEach(line -> lines.add(new Line('-', line)));
            after.forEach(line -> lines.add(new Line('+', line)));
            return;
        }
        int[][] common = new int[before.size() + 1][after.size() + 1]; // from here to the end
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                lines.add(new Line(' ', before.get(i)));
                i++;
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line('-', before.get(i++)));
            } else {
                lines.add(new Line('+', after.get(j++)));
            }
        }
    }

    private static List<Line> shortened(List<Line> lines) {
        List<Line> shortened = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            int from = 0;
            if (line.sign() == '-' && i + 1 < lines.size() && lines.get(i + 1).sign() == '+') {
                from = commonStart(line.text(), lines.get(i + 1).text());
            } else if (line.sign() == '+' && i > 0 && lines.get(i - 1).sign() == '-') {
                from = commonStart(line.text(), lines.get(i - 1).text());
            }
            shortened.add(new Line(line.sign(), shortened(line.text(), from)));
        }
        return shortened;
    }

    private static int commonStart(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    private static String shortened(String line, int difference) {
        if (line.length() <= LONGEST_LINE) {
            return line;
        }
        int from = Math.max(0, Math.min(difference - LONGEST_LINE / 4, line.length() - LONGEST_LINE));
        int to = Math.min(line.length(), from + LONGEST_LINE);
        return (from > 0 ? "…" : "")
                + line.substring(from, to)
                + (to < line.length() ? "… (" + line.length() + " characters)" : "");
    }
}
