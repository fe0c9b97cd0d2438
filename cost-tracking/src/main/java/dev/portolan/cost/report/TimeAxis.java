package dev.portolan.cost.report;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;

/** The days, weeks or months from the first call to the last, without a gap: as many as can be told apart. */
final class TimeAxis {
    private static final int MOST_COLUMNS = 100;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM", Locale.ENGLISH);

    private final Breakdown unit;
    private final List<Slot> slots = new ArrayList<>();

    /**
     * A day, a week or a month.
     *
     * @param key as the totals have it
     * @param label for the axis
     * @param name in full
     */
    record Slot(String key, String label, String name) {}

    /** From the first of these days to the last. */
    TimeAxis(SortedSet<String> days) {
        LocalDate first = LocalDate.parse(days.first());
        LocalDate last = LocalDate.parse(days.last());
        if (ChronoUnit.DAYS.between(first, last) < MOST_COLUMNS) {
            unit = Breakdown.DAY;
        } else if (ChronoUnit.WEEKS.between(first, last) < MOST_COLUMNS) {
            unit = Breakdown.WEEK;
            first = first.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        } else {
            unit = Breakdown.MONTH;
            first = first.withDayOfMonth(1);
        }
        LocalDate previous = null;
        for (LocalDate day = first; !day.isAfter(last); day = next(day)) {
            boolean newYear = previous == null || previous.getYear() != day.getYear();
            slots.add(slot(day, newYear));
            previous = day;
        }
    }

    private LocalDate next(LocalDate day) {
        return unit.equals(Breakdown.DAY)
                ? day.plusDays(1)
                : unit.equals(Breakdown.WEEK) ? day.plusWeeks(1) : day.plusMonths(1);
    }

    private Slot slot(LocalDate day, boolean newYear) {
        String key = unit.keyOfDay(day.toString());
        String label = (unit.equals(Breakdown.MONTH) ? MONTH : DAY).format(day) + (newYear ? " " + day.getYear() : "");
        return new Slot(key, label, unit.equals(Breakdown.WEEK) ? key + " (from " + day + ")" : key);
    }

    /** What each of them is. */
    Breakdown unit() {
        return unit;
    }

    List<Slot> slots() {
        return slots;
    }
}
