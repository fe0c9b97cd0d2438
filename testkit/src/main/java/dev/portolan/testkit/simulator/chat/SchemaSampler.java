package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value that satisfies a JSON schema: types, required properties, enum, const, nested objects and arrays, maps,
 * bounds, formats, references within the schema, and the first of several alternatives.
 */
final class SchemaSampler {
    /** Below this, optional properties and items are left out and alternatives that end soon are taken. */
    private static final int DEEP = 4;

    /** A schema that requires itself has no finite value. */
    private static final int TOO_DEEP = 64;

    private static final List<String> PATTERN_CANDIDATES = List.of(
            "a",
            "A",
            "1",
            "abc",
            "ABC",
            "123",
            "abc-123",
            "ABC-123",
            "A1",
            "2026-01-15",
            "12:00",
            "#336699",
            "en-US",
            "+15550100",
            "00000",
            "0000-0000",
            "1.0.0");

    private final JsonObject root;
    private final TextHints hints;

    SchemaSampler(JsonObject root, TextHints hints) {
        this.root = root;
        this.hints = hints;
    }

    @Nullable Object sample() {
        return sample(root, "", 0);
    }

    private @Nullable Object sample(@Nullable Object schema, String name, int depth) {
        if (!(schema instanceof JsonObject given)) {
            return hints.string(name); // true allows everything
        }
        if (depth > TOO_DEEP) {
            return null;
        }
        JsonObject resolved = resolve(given);
        if (resolved.has("const")) {
            return resolved.get("const");
        }
        if (!resolved.array("enum").isEmpty()) {
            return oneOf(resolved.array("enum"));
        }
        for (String alternatives : List.of("anyOf", "oneOf")) {
            if (!resolved.array(alternatives).isEmpty()) {
                JsonObject chosen = alternative(resolved.array(alternatives), depth);
                return sample(merge(resolved.without(alternatives), chosen), name, depth + 1);
            }
        }
        if (resolved.has("default") && resolved.get("default") != null) {
            return resolved.get("default");
        }
        boolean nullable =
                resolved.isTrue("nullable") || resolved.array("type").strings().contains("null");
        if (nullable && depth >= DEEP) {
            return null;
        }
        return switch (type(resolved)) {
            case "object" -> object(resolved, depth);
            case "array" -> array(resolved, name, depth);
            case "integer" -> number(resolved, true);
            case "number" -> number(resolved, false);
            case "boolean" -> true;
            case "null" -> null;
            default -> string(resolved, name);
        };
    }

    private static String type(JsonObject schema) {
        String single = schema.string("type");
        if (single != null) {
            return single;
        }
        for (String each : schema.array("type").strings()) {
            if (!each.equals("null")) {
                return each;
            }
        }
        if (!schema.array("type").isEmpty()) {
            return "null";
        }
        if (schema.has("properties") || schema.has("required")) {
            return "object";
        }
        if (schema.has("items") || schema.has("prefixItems")) {
            return "array";
        }
        return schema.has("minimum") || schema.has("maximum") ? "number" : "string";
    }

    /** Follows references and folds {@code allOf} in. */
    private JsonObject resolve(JsonObject schema) {
        JsonObject resolved = schema;
        for (int steps = 0; resolved.string("$ref") != null && steps < TOO_DEEP; steps++) {
            JsonObject target = target(resolved.string("$ref", ""));
            resolved = merge(resolved.without("$ref"), target);
        }
        if (resolved.array("allOf").isEmpty()) {
            return resolved;
        }
        JsonObject merged = resolved.without("allOf");
        for (JsonObject part : resolved.array("allOf").objects()) {
            merged = merge(merged, resolve(part));
        }
        return merged;
    }

    private JsonObject target(String reference) {
        JsonObject at = root;
        if (reference.startsWith("#/")) {
            for (String step : reference.substring(2).split("/", -1)) {
                String name = step.replace("~1", "/").replace("~0", "~");
                at = Objects.requireNonNullElseGet(at.object(name), JsonObject::new);
            }
        }
        return at;
    }

    private static JsonObject merge(JsonObject one, JsonObject other) {
        JsonObject merged = new JsonObject().putAll(one).putAll(other);
        JsonObject properties = one.object("properties");
        JsonObject otherProperties = other.object("properties");
        if (properties != null && otherProperties != null) {
            merged.put("properties", new JsonObject().putAll(properties).putAll(otherProperties));
        }
        if (one.has("required") && other.has("required")) {
            merged.put("required", new JsonArray().addAll(one.array("required")).addAll(other.array("required")));
        }
        return merged;
    }

    /** The first; deep down the first that ends there. */
    private JsonObject alternative(JsonArray alternatives, int depth) {
        List<JsonObject> objects = alternatives.objects();
        if (objects.isEmpty()) {
            return new JsonObject();
        }
        if (depth < DEEP) {
            return objects.get(0);
        }
        return objects.stream()
                .filter(each -> each.string("$ref") == null
                        && !List.of("object", "array").contains(type(each)))
                .findFirst()
                .orElse(objects.get(objects.size() - 1));
    }

    private @Nullable Object oneOf(JsonArray values) {
        String mentioned = hints.mentioned(values.strings());
        return mentioned != null ? mentioned : values.items().get(0);
    }

    private JsonObject object(JsonObject schema, int depth) {
        JsonObject object = new JsonObject();
        JsonObject properties = Objects.requireNonNullElseGet(schema.object("properties"), JsonObject::new);
        List<String> required = schema.array("required").strings();
        for (String property : properties.names()) {
            if (depth < DEEP || required.contains(property)) {
                object.put(property, sample(properties.get(property), property, depth + 1));
            }
        }
        for (String property : required) {
            if (!properties.has(property)) {
                object.put(property, sample(schema.get("additionalProperties"), property, depth + 1));
            }
        }
        if (properties.names().isEmpty() && required.isEmpty() && depth < DEEP) {
            JsonObject values = schema.object("additionalProperties");
            if (values != null) {
                object.put("example", sample(values, "example", depth + 1)); // an empty map would show nothing
            }
        }
        return object;
    }

    private JsonArray array(JsonObject schema, String name, int depth) {
        int least = schema.integer("minItems", 0);
        int most = schema.integer("maxItems", Integer.MAX_VALUE);
        List<@Nullable Object> prefix = schema.array("prefixItems").items();
        int wanted = depth < DEEP ? Math.max(1, prefix.size()) : prefix.size();
        int count = Math.max(least, Math.min(most, wanted));
        JsonArray array = new JsonArray();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object item = sample(i < prefix.size() ? prefix.get(i) : schema.get("items"), singular(name), depth + 1);
            if (schema.isTrue("uniqueItems")) {
                item = distinct(item, seen, schema.get("items"));
                seen.add(JsonText.write(item));
            }
            array.add(item);
        }
        return array;
    }

    private static String singular(String name) {
        return name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
    }

    private static @Nullable Object distinct(@Nullable Object item, List<String> seen, @Nullable Object schema) {
        if (!seen.contains(JsonText.write(item))) {
            return item;
        }
        if (schema instanceof JsonObject object) {
            for (Object value : object.array("enum").items()) {
                if (!seen.contains(JsonText.write(value))) {
                    return value;
                }
            }
        }
        if (item instanceof BigDecimal number) {
            return number.add(BigDecimal.valueOf(seen.size()));
        }
        return item instanceof String text ? text + " " + (seen.size() + 1) : item;
    }

    private BigDecimal number(JsonObject schema, boolean integer) {
        BigDecimal step = schema.number("multipleOf");
        if (step == null && integer) {
            step = BigDecimal.ONE;
        }
        Range range = Range.of(schema);
        BigDecimal unit = step;
        BigDecimal hinted = hints.number(number ->
                range.holds(number) && (unit == null || number.remainder(unit).signum() == 0));
        if (hinted != null) {
            return hinted;
        }
        return range.any(step);
    }

    /** Bounds of a number. */
    private record Range(
            @Nullable BigDecimal min,
            boolean minExcluded,
            @Nullable BigDecimal max,
            boolean maxExcluded) {
        static Range of(JsonObject schema) {
            BigDecimal min = schema.number("minimum");
            BigDecimal max = schema.number("maximum");
            BigDecimal above = schema.number("exclusiveMinimum");
            BigDecimal below = schema.number("exclusiveMaximum");
            boolean aboveCounts = above != null && (min == null || above.compareTo(min) >= 0);
            boolean belowCounts = below != null && (max == null || below.compareTo(max) <= 0);
            return new Range(
                    aboveCounts ? above : min,
                    aboveCounts || schema.isTrue("exclusiveMinimum"),
                    belowCounts ? below : max,
                    belowCounts || schema.isTrue("exclusiveMaximum"));
        }

        boolean holds(BigDecimal number) {
            boolean aboveMin = min == null || number.compareTo(min) > (minExcluded ? 0 : -1);
            boolean belowMax = max == null || number.compareTo(max) < (maxExcluded ? 0 : 1);
            return aboveMin && belowMax;
        }

        BigDecimal any(@Nullable BigDecimal step) {
            if (step != null && step.signum() > 0) {
                return multiple(step);
            }
            if (holds(BigDecimal.ONE)) {
                return BigDecimal.ONE;
            }
            if (min != null && max != null) {
                return min.add(max).divide(BigDecimal.valueOf(2));
            }
            if (min != null) {
                return min.add(BigDecimal.ONE);
            }
            return max == null ? BigDecimal.ONE : max.subtract(BigDecimal.ONE);
        }

        private BigDecimal multiple(BigDecimal step) {
            BigDecimal first = step;
            if (!holds(first) && min != null) {
                first = min.divide(step, 0, RoundingMode.CEILING).multiply(step);
                first = holds(first) ? first : first.add(step);
            } else if (!holds(first) && max != null) {
                first = max.divide(step, 0, RoundingMode.FLOOR).multiply(step);
                first = holds(first) ? first : first.subtract(step);
            }
            return first;
        }
    }

    private String string(JsonObject schema, String name) {
        String format = switch (schema.string("format", "")) {
            case "date-time" -> "2026-01-15T12:00:00Z";
            case "date" -> "2026-01-15";
            case "time" -> "12:00:00Z";
            case "duration" -> "PT1H";
            case "email", "idn-email" -> "ada@example.com";
            case "uri", "url", "iri", "uri-reference" -> "https://example.com/";
            case "uuid" -> "123e4567-e89b-42d3-a456-426614174000";
            case "ipv4" -> "192.0.2.1";
            case "ipv6" -> "2001:db8::1";
            case "hostname", "idn-hostname" -> "example.com";
            default -> "";
        };
        if (!format.isEmpty()) {
            return format;
        }
        return fitted(matching(schema.string("pattern"), hints.string(name)), schema);
    }

    /** The value if it matches, else something that does; patterns are not solved, only guessed at. */
    private static String matching(@Nullable String pattern, String value) {
        if (pattern == null) {
            return value;
        }
        try {
            Pattern compiled = Pattern.compile(pattern);
            if (compiled.matcher(value).find()) {
                return value;
            }
            return PATTERN_CANDIDATES.stream()
                    .filter(candidate -> compiled.matcher(candidate).find())
                    .findFirst()
                    .orElse(value);
        } catch (PatternSyntaxException otherDialect) {
            return value;
        }
    }

    private static String fitted(String value, JsonObject schema) {
        int least = schema.integer("minLength", 0);
        int most = schema.integer("maxLength", Integer.MAX_VALUE);
        int length = value.codePointCount(0, value.length());
        if (length > most) {
            return value.substring(0, value.offsetByCodePoints(0, most));
        }
        return length < least ? value + "x".repeat(least - length) : value;
    }
}
