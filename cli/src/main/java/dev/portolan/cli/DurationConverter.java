package dev.portolan.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as people write it, {@code 1m30s}, or as ISO 8601 does, {@code PT1M30S}. */
final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern PIECE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");

    @Override
    public Duration convert(String value) {
        String text = value.strip().toLowerCase(Locale.ROOT);
        Duration time = text.startsWith("p") ? iso(text) : sum(text);
        if (time.isZero() || time.isNegative()) {
            throw new TypeConversionException("'" + value + "' is not longer than nothing");
        }
        return time;
    }

    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw notATime(text);
        }
    }

    private static Duration sum(String text) {
        Matcher piece = PIECE.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (piece.find() && piece.start() == end) {
            double millis = Double.parseDouble(piece.group(1)) * millis(piece.group(2));
            sum = sum.plusMillis(Math.round(millis));
            end = piece.end();
        }
        if (end == 0 || end < text.length()) {
            throw notATime(text);
        }
        return sum;
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
    }

    private static TypeConversionException notATime(String text) {
        return new TypeConversionException(
                "'" + text + "' is not a time; write it with a unit, such as 500ms, 30s, 1m30s, 2h or PT30S");
    }
}
