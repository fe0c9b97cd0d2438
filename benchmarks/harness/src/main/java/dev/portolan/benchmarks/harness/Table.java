package dev.portolan.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes Markdown of results: the median of what was measured several times, and its ratio to the floor. */
public final class Table {
    private static final String FLOOR = "OkHttp";

    private final List<Figure> figures;
    private final List<String> contenders;

    private Table(List<Figure> figures) {
        this.figures = figures;
        this.contenders = figures.stream().map(Figure::contender).distinct().toList();
    }

    /** Takes the files that the figures are in. */
    public static void main(String[] arguments) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (String file : arguments) {
            Files.readAllLines(Path.of(file)).forEach(line -> Figure.parse(line).ifPresent(figures::add));
        }
        new Table(figures).print();
    }

    private void print() {
        works("Time", "time", Table::duration);
        works("Processor time of the client", "cpu", Table::duration);
        works("Allocated", "allocation", Table::bytes);
        head("Start-up and size");
        row("from the start of the JVM to the first reply", "START", "millis", value -> duration(value * 1e6));
        row("most memory until then", "START", "megabytes", value -> bytes(value * 1e6));
        row("jars at run time", "JARS", "megabytes", value -> bytes(value * 1e6));
        many();
    }

    private interface Shown {
        String of(double value);
    }

    private void works(String title, String what, Shown shown) {
        head(title);
        for (Work work : Work.values()) {
            row(work.shown(), work.name(), what, shown);
        }
    }

    private void head(String first) {
        System.out.println("\n| " + first + " | " + String.join(" | ", contenders) + " |\n|---|"
                + "--:|".repeat(contenders.size()));
    }

    private void row(String title, String work, String what, Shown shown) {
        Optional<Double> floor = median(FLOOR, work, what);
        System.out.println("| " + title + " | "
                + contenders.stream()
                        .map(contender -> median(contender, work, what)
                                .map(value -> shown.of(value) + ratio(contender, value, floor))
                                .orElse(""))
                        .collect(Collectors.joining(" | "))
                + " |");
    }

    private static String ratio(String contender, double value, Optional<Double> floor) {
        return contender.equals(FLOOR)
                ? ""
                : floor.map(least -> String.format(Locale.ROOT, " (%.2f ×)", value / least))
                        .orElse("");
    }

    private void many() {
        Set<String> numbers = figures.stream()
                .map(Figure::work)
                .filter(work -> work.startsWith("MANY "))
                .collect(Collectors.toCollection(TreeSet::new));
        if (numbers.isEmpty()) {
            return;
        }
        System.out.println("\n| Open at once | | complete | late, p99 | late, most | platform threads | memory |\n"
                + "|--:|---|--:|--:|--:|--:|--:|");
        for (String work : numbers) {
            for (String contender : contenders) {
                median(contender, work, "complete")
                        .ifPresent(complete -> System.out.println("| " + work.substring("MANY ".length()) + " | "
                                + contender + " | " + plain(complete) + " | "
                                + shown(contender, work, "late p99 ms", value -> plain(value) + " ms") + " | "
                                + shown(contender, work, "late max ms", value -> plain(value) + " ms") + " | "
                                + shown(contender, work, "threads", Table::plain) + " | "
                                + shown(contender, work, "megabytes", value -> bytes(value * 1e6)) + " |"));
            }
        }
    }

    private String shown(String contender, String work, String what, Shown shown) {
        return median(contender, work, what).map(shown::of).orElse("");
    }

    private Optional<Double> median(String contender, String work, String what) {
        List<Double> values = figures.stream()
                .filter(figure -> figure.contender().equals(contender)
                        && figure.work().equals(work)
                        && figure.what().equals(what))
                .map(Figure::value)
                .sorted()
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() / 2));
    }

    private static String plain(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static String duration(double nanos) {
        return nanos < 10_000
                ? String.format(Locale.ROOT, "%.0f ns", nanos)
                : nanos < 10_000_000
                        ? String.format(Locale.ROOT, "%.0f µs", nanos / 1e3)
                        : String.format(Locale.ROOT, "%.0f ms", nanos / 1e6);
    }

    private static String bytes(double bytes) {
        return bytes < 10_000
                ? String.format(Locale.ROOT, "%.0f B", bytes)
                : bytes < 1_000_000
                        ? String.format(Locale.ROOT, "%.1f KB", bytes / 1e3)
                        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
