package dev.portolan.testkit.simulator.http;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query of a request; what is wrong with a value is refused with 400. */
public final class Query {
    private final Map<String, String> values = new LinkedHashMap<>();

    private Query() {}

    /** Reads the query of a request target; of a name that occurs twice the last value counts. */
    static Query of(String target) {
        Query query = new Query();
        int mark = target.indexOf('?');
        String text = mark < 0 ? "" : target.substring(mark + 1).split("#", 2)[0];
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] sides = pair.split("=", 2);
                query.values.put(decoded(sides[0]), sides.length > 1 ? decoded(sides[1]) : "");
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ApiError.invalidRequest("The query string is not valid: " + malformed.getMessage());
        }
    }

    /** The parameters but these, as they would be written in a URL. */
    public Map<String, String> without(String... names) {
        Map<String, String> others = new LinkedHashMap<>(values);
        others.keySet().removeAll(List.of(names));
        return others;
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public @Nullable String text(String name) {
        return values.get(name);
    }

    public String required(String name) {
        String value = values.get(name);
        if (value == null || value.isEmpty()) {
            throw ApiError.invalidRequest(name + ": Required");
        }
        return value;
    }

    /** The parts of a comma list; empty if the parameter is absent. */
    public List<String> list(String name) {
        return Arrays.stream(values.getOrDefault(name, "").split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    public int integer(String name, int min, int max, int otherwise) {
        BigDecimal number = number(name);
        if (number == null) {
            return otherwise;
        }
        if (number.stripTrailingZeros().scale() > 0) {
            throw ApiError.invalidRequest(name + ": Expected integer, received float");
        }
        if (number.compareTo(BigDecimal.valueOf(min)) < 0) {
            throw ApiError.invalidRequest(name + ": Number must be greater than or equal to " + min);
        }
        if (number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw ApiError.invalidRequest(name + ": Number must be less than or equal to " + max);
        }
        return number.intValueExact();
    }

    public @Nullable BigDecimal number(String name) {
        String value = values.get(name);
        if (value == null) {
            return null;
        }
        try {
            return new BigDecimal(value.strip());
        } catch (NumberFormatException wrong) {
            throw ApiError.invalidRequest(name + ": Expected number, received '" + value + "'");
        }
    }

    public @Nullable String oneOf(String name, List<String> allowed) {
        String value = values.get(name);
        if (value != null && !allowed.contains(value)) {
            throw ApiError.invalidRequest(
                    name + ": Invalid enum value. Expected one of " + allowed + ", received '" + value + "'");
        }
        return value;
    }
}
