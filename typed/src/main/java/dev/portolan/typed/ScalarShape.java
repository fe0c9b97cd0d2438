package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A string, number or boolean.
 *
 * @param type the type in the schema
 * @param format the format in the schema; only those that strict schemas may have, or {@code null}
 * @param expected what belongs here, in words
 * @param told whether the schema says that too, since the format does not, or not all of it
 * @param parser makes a value of the text
 */
record ScalarShape(String type, @Nullable String format, String expected, boolean told, Function<String, ?> parser)
        implements Shape {
    /** More digits than this before or after the point are nonsense, and would take long to write out. */
    private static final int MOST_DIGITS = 1000;

    private static final Pattern WEEKS = Pattern.compile("P([0-9]+)W");

    private static final Map<Class<?>, ScalarShape> SHAPES = Map.ofEntries(
            Map.entry(String.class, text(null, "a string", text -> text)),
            Map.entry(boolean.class, new ScalarShape("boolean", null, "a boolean", false, Boolean::valueOf)),
            Map.entry(byte.class, integer("an integer from -128 to 127", BigDecimal::byteValueExact)),
            Map.entry(short.class, integer("an integer from -32768 to 32767", BigDecimal::shortValueExact)),
            Map.entry(int.class, integer("an integer of 32 bits", BigDecimal::intValueExact)),
            Map.entry(long.class, integer("an integer of 64 bits", BigDecimal::longValueExact)),
            Map.entry(BigInteger.class, integer("an integer", BigDecimal::toBigIntegerExact)),
            Map.entry(float.class, number(text -> finite(Float.parseFloat(text)))),
            Map.entry(double.class, number(text -> finite(Double.parseDouble(text)))),
            Map.entry(BigDecimal.class, number(BigDecimal::new)),
            Map.entry(
                    Instant.class,
                    dateTime(
                            "with an offset", text -> OffsetDateTime.parse(text).toInstant())),
            Map.entry(OffsetDateTime.class, dateTime("with an offset", OffsetDateTime::parse)),
            Map.entry(ZonedDateTime.class, dateTime("with an offset", ZonedDateTime::parse)),
            Map.entry(
                    LocalDateTime.class,
                    dateTime("", text -> LocalDateTime.from(DateTimeFormatter.ISO_DATE_TIME.parse(text)))),
            Map.entry(LocalDate.class, text("date", "a date such as 2026-01-15", LocalDate::parse)),
            Map.entry(
                    LocalTime.class,
                    text(
                            "time",
                            "a time such as 14:30:00",
                            text -> LocalTime.from(DateTimeFormatter.ISO_TIME.parse(text)))),
            Map.entry(
                    OffsetTime.class, told("time", "a time with an offset such as 14:30:00+01:00", OffsetTime::parse)),
            Map.entry(YearMonth.class, told(null, "a month of a year such as 2026-01", YearMonth::parse)),
            Map.entry(Year.class, told(null, "a year such as 2026", Year::parse)),
            Map.entry(MonthDay.class, told(null, "a day of a month such as --01-15", MonthDay::parse)),
            Map.entry(ZoneId.class, told(null, "a time zone such as Europe/Rome", ZoneId::of)),
            Map.entry(ZoneOffset.class, told(null, "an offset such as +01:00", ZoneOffset::of)),
            Map.entry(
                    Duration.class,
                    told(
                            "duration",
                            "a duration such as P2W or P1DT1H30M, without years and months",
                            ScalarShape::duration)),
            Map.entry(
                    Period.class,
                    told("duration", "a period such as P1Y2M or P3W, without hours and less", Period::parse)),
            Map.entry(UUID.class, text("uuid", "a UUID", ScalarShape::uuid)),
            Map.entry(URI.class, text(null, "a URI", URI::create)));

    private static final Map<Class<?>, Class<?>> PRIMITIVES = Map.of(
            Boolean.class, boolean.class,
            Byte.class, byte.class,
            Short.class, short.class,
            Integer.class, int.class,
            Long.class, long.class,
            Float.class, float.class,
            Double.class, double.class);

    /** The shape of this class, or {@code null} if it is no scalar. */
    static @Nullable ScalarShape of(Class<?> type) {
        return SHAPES.get(PRIMITIVES.getOrDefault(type, type));
    }

    private static ScalarShape text(@Nullable String format, String expected, Function<String, ?> parser) {
        return new ScalarShape("string", format, expected, false, parser);
    }

    private static ScalarShape told(@Nullable String format, String expected, Function<String, ?> parser) {
        return new ScalarShape("string", format, expected, true, parser);
    }

    private static ScalarShape dateTime(String detail, Function<String, ?> parser) {
        String example = detail.isEmpty() ? "2026-01-15T14:30:00" : "2026-01-15T14:30:00Z";
        return text("date-time", "a date and time such as " + example, parser);
    }

    private static ScalarShape number(Function<String, ?> parser) {
        return new ScalarShape("number", null, "a number", false, parser);
    }

    private static ScalarShape integer(String expected, Function<BigDecimal, ?> parser) {
        return new ScalarShape("integer", null, expected, false, text -> {
            BigDecimal number = new BigDecimal(text);
            if (Math.abs((long) number.scale()) > MOST_DIGITS) {
                throw new ArithmeticException("too many digits");
            }
            return parser.apply(number);
        });
    }

    private static Number finite(Number number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new ArithmeticException("too large");
        }
        return number;
    }

    /** {@link Duration#parse} takes no weeks, which stand alone (RFC 3339, appendix A). */
    private static Duration duration(String text) {
        Matcher weeks = WEEKS.matcher(text);
        return weeks.matches()
                ? Duration.ofDays(Math.multiplyExact(7, Long.parseLong(weeks.group(1))))
                : Duration.parse(text);
    }

    /** {@link UUID#fromString} also takes groups that are too short. */
    private static UUID uuid(String text) {
        UUID uuid = UUID.fromString(text);
        if (text.length() != 36) {
            throw new IllegalArgumentException("too short");
        }
        return uuid;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        if (told) {
            schema.put("description", expected);
        }
        if (format != null) {
            schema.put("format", format);
        }
        return schema;
    }

    @Override
    public Object read(JsonReader in) throws IOException {
        String path = in.getPath();
        JsonReader.Token token = in.peek();
        String text;
        switch (type) {
            case "boolean" -> {
                if (token != JsonReader.Token.BOOLEAN) {
                    throw Misread.next(in, expected);
                }
                return in.nextBoolean();
            }
            case "string" -> {
                if (token != JsonReader.Token.STRING) {
                    throw Misread.next(in, expected);
                }
                text = in.nextString();
            }
            default -> {
                if (token != JsonReader.Token.NUMBER) {
                    throw Misread.next(in, expected);
                }
                text = in.nextString();
            }
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException unfit) {
            boolean string = type.equals("string");
            throw Misread.value(
                    path, expected, string ? "another string" : "another number", string ? '"' + text + '"' : text);
        }
    }
}
