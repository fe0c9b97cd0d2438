package dev.portolan.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads times as people write them: {@code 2026-01-31}, {@code 2026-01}, {@code 2026-01-31T12:00}, {@code today}, and
 * {@code 7d} back from now. In UTC, as the days of a ledger are, unless an offset is written.
 */
final class Moment {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smhdw])");

    private final Instant begin;
    private final Instant end;

    private Moment(Instant begin, Instant end) {
        this.begin = begin;
        this.end = end;
    }

    /**
     * The time that an option gives.
     *
     * @throws IllegalArgumentException if it is none; the message names the option
     */
    static Moment parse(String option, String text, Instant now) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        Moment named = named(word, today, now);
        if (named != null) {
            return named;
        }
        Matcher span = SPAN.matcher(word);
        if (span.matches()) {
            return at(now.minus(Long.parseLong(span.group(1)) * seconds(span.group(2)), ChronoUnit.SECONDS));
        }
        List<Function<String, Moment>> forms = List.of(
                form -> at(now.minus(Duration.parse(form))),
                form -> days(LocalDate.parse(form), Period.ofDays(1)),
                form -> days(YearMonth.parse(form).atDay(1), Period.ofMonths(1)),
                form -> days(Year.parse(form).atDay(1), Period.ofYears(1)),
                form -> at(OffsetDateTime.parse(form).toInstant()),
                form -> at(LocalDateTime.parse(form).toInstant(ZoneOffset.UTC)));
        String form = word.toUpperCase(Locale.ROOT).replaceFirst("(?<=\\d) (?=\\d)", "T");
        for (Function<String, Moment> reader : forms) {
            try {
                return reader.apply(form);
            } catch (DateTimeException | ArithmeticException next) {
                // another form, then
            }
        }
        throw new IllegalArgumentException(option + ": '" + text + "' is not a time; write 2026-01-31, 2026-01, "
                + "2026-01-31T12:00, a span back from now such as 7d or 24h, or today, yesterday, week, month, year");
    }

    private static @Nullable Moment named(String word, LocalDate today, Instant now) {
        return switch (word) {
            case "now" -> at(now);
            case "today" -> days(today, Period.ofDays(1));
            case "yesterday" -> days(today.minusDays(1), Period.ofDays(1));
            case "week" -> days(today.minusDays(today.getDayOfWeek().getValue() - 1L), Period.ofWeeks(1));
            case "month" -> days(today.withDayOfMonth(1), Period.ofMonths(1));
            case "year" -> days(today.withDayOfYear(1), Period.ofYears(1));
            default -> null;
        };
    }

    private static long seconds(String unit) {
        return switch (unit) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3_600;
            case "d" -> 86_400;
            default -> 7 * 86_400;
        };
    }

    private static Moment at(Instant time) {
        return new Moment(time, time);
    }

    private static Moment days(LocalDate first, Period length) {
        return new Moment(
                first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                first.plus(length).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** When it begins, if it is a day, a month or a year. */
    Instant begin() {
        return begin;
    }

    /** When it is over, if it is a day, a month or a year. */
    Instant end() {
        return end;
    }
}
