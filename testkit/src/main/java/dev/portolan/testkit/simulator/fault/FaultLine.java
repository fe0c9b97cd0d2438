package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.json.JsonText;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words of one fault: its name, perhaps a value, and options as {@code name=value}. */
public final class FaultLine {
    private static final Pattern WORD = Pattern.compile("(?:([a-z-]+)=)?(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s\"=][^\\s\"]*)");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m)?");

    private final String text;
    private String name = "";
    private final List<String> values = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();

    private FaultLine(String text) {
        this.text = text;
    }

    /** Several are joined by a plus that stands alone. */
    public static List<FaultLine> parseAll(String text) {
        List<FaultLine> lines = new ArrayList<>();
        FaultLine line = new FaultLine(text);
        lines.add(line);
        Matcher word = WORD.matcher(text);
        int at = 0;
        while (!text.substring(at).isBlank()) {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (!word.region(at, text.length()).lookingAt()) {
                throw line.error("what begins with " + JsonText.write(text.substring(at)) + " is not a word");
            }
            at = word.end();
            if (word.group(1) == null && word.group(2).equals("+")) {
                line = new FaultLine(text);
                lines.add(line);
            } else {
                line.add(word.group(1), unquoted(line, word.group(2)));
            }
        }
        for (FaultLine each : lines) {
            if (each.name.isEmpty()) {
                throw each.error("there is no fault's name, such as: status 503");
            }
        }
        return lines;
    }

    private static String unquoted(FaultLine line, String word) {
        if (!word.startsWith("\"")) {
            return word;
        }
        try {
            return JsonText.parse(word) instanceof String plain ? plain : word;
        } catch (IllegalArgumentException malformed) {
            throw line.error("the text " + word + " is not quoted as in JSON");
        }
    }

    private void add(@Nullable String option, String value) {
        if (option != null) {
            options.put(option, value);
        } else if (name.isEmpty()) {
            name = value;
        } else {
            values.add(value);
        }
    }

    public String name() {
        return name;
    }

    /** The value after the name, if there is one. */
    public Optional<String> value() {
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    public String requiredValue() {
        return value().orElseThrow(() -> error("\"" + name + "\" needs a value after it"));
    }

    public Optional<String> option(String option) {
        asked.add(option);
        return Optional.ofNullable(options.get(option));
    }

    public boolean flag(String option) {
        return option(option)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw error(option + " must be true or false but is " + text);
                })
                .orElse(false);
    }

    public long number(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException noNumber) {
            throw error("\"" + value + "\" is not a whole number");
        }
    }

    public int integer(String value) {
        long number = number(value);
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw error(number + " is too large");
        }
        return (int) number;
    }

    /** A number without a unit means seconds, as in {@code Retry-After}. */
    public Duration duration(String value) {
        Matcher parts = DURATION.matcher(value);
        if (parts.matches()) {
            long count = Long.parseLong(parts.group(1));
            String unit = parts.group(2);
            return "ms".equals(unit)
                    ? Duration.ofMillis(count)
                    : "m".equals(unit) ? Duration.ofMinutes(count) : Duration.ofSeconds(count);
        }
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException noDuration) {
            throw error("\"" + value + "\" is not a time; write 50ms, 2s or 1m");
        }
    }

    /** Refuses words that nobody asked for, which are typing errors. */
    public void checkAllUnderstood() {
        Set<String> unknown = new HashSet<>(options.keySet());
        unknown.removeAll(asked);
        if (!unknown.isEmpty()) {
            throw error("\"" + name + "\" has no option " + String.join(", ", unknown)
                    + (asked.isEmpty() ? "" : "; it has " + String.join(", ", asked)));
        }
        if (values.size() > 1) {
            throw error("\"" + name + "\" takes one value but has " + values);
        }
    }

    public IllegalArgumentException error(String problem) {
        return new IllegalArgumentException("The fault " + JsonText.write(text) + " cannot be read: " + problem);
    }

    /** Writes a value so that it is read as one word. */
    public static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:,;@~-]+") ? value : JsonText.write(value);
    }

    public static String text(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
