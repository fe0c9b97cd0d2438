package dev.portolan.cost.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/** After which time a budget renews. Days, weeks and months are those of the calendar in UTC. */
public enum Period {
    /** At midnight. */
    DAY,
    /** At midnight before Monday. */
    WEEK,
    /** At midnight before the first of the month. */
    MONTH,
    /** Never. */
    FOREVER;

    /** When the period began that a time is in; {@link Instant#EPOCH} for {@link #FOREVER}. */
    public Instant start(Instant time) {
        LocalDate day = day(time);
        return switch (this) {
            case DAY -> midnight(day);
            case WEEK -> midnight(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
            case MONTH -> midnight(day.withDayOfMonth(1));
            case FOREVER -> Instant.EPOCH;
        };
    }

    /** When the next one begins; {@code null} for {@link #FOREVER}. */
    public @Nullable Instant end(Instant time) {
        LocalDate begun = day(start(time));
        return switch (this) {
            case DAY -> midnight(begun.plusDays(1));
            case WEEK -> midnight(begun.plusWeeks(1));
            case MONTH -> midnight(begun.plusMonths(1));
            case FOREVER -> null;
        };
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
