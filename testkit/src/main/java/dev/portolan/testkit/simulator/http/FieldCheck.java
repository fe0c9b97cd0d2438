package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the fields of one object of a request body; what is wrong is said with the path to the field. */
public final class FieldCheck {
    private final String path;
    private final JsonObject object;
    private final Set<String> nullable;

    /** Takes the fields that may be null, which is then the same as absent. */
    public FieldCheck(String path, JsonObject object, Set<String> nullable) {
        this.path = path;
        this.object = object;
        this.nullable = nullable;
    }

    public JsonObject object() {
        return object;
    }

    public ApiError error(String name, String problem) {
        return ApiError.invalidRequest(pathOf(name) + ": " + problem);
    }

    private String pathOf(String name) {
        if (name.isEmpty()) {
            return path;
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The value, or null if it is absent or may be null and is. */
    private @Nullable Object value(String name, String expected) {
        Object value = object.get(name);
        if (value == null && object.has(name) && !nullable.contains(name)) {
            throw error(name, "Expected " + expected + ", received null");
        }
        return value;
    }

    private ApiError wrongType(String name, String expected, Object value) {
        return error(name, "Expected " + expected + ", received " + typeOf(value));
    }

    public static String typeOf(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof BigDecimal) {
            return "number";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        return value instanceof JsonArray ? "array" : "object";
    }

    public void required(String... names) {
        for (String name : names) {
            if (object.get(name) == null) {
                throw error(name, "Required");
            }
        }
    }

    /** A text that must be there and not be blank. */
    public String requiredText(String name) {
        required(name);
        String text = string(name);
        if (text == null || text.isBlank()) {
            throw error(name, "String must not be blank");
        }
        return text;
    }

    public void number(String name, double min, double max) {
        Object value = value(name, "number");
        if (value instanceof BigDecimal number) {
            checkRange(name, number, min, max);
        } else if (value != null) {
            throw wrongType(name, "number", value);
        }
    }

    public void integer(String name, double min, double max) {
        Object value = value(name, "integer");
        if (value == null) {
            return;
        }
        if (!(value instanceof BigDecimal number)) {
            throw wrongType(name, "integer", value);
        }
        if (number.stripTrailingZeros().scale() > 0) {
            throw error(name, "Expected integer, received float");
        }
        checkRange(name, number, min, max);
    }

    private void checkRange(String name, BigDecimal number, double min, double max) {
        if (!Double.isInfinite(min) && number.compareTo(BigDecimal.valueOf(min)) < 0) {
            throw error(name, "Number must be greater than or equal to " + plain(min));
        }
        if (!Double.isInfinite(max) && number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw error(name, "Number must be less than or equal to " + plain(max));
        }
    }

    private static String plain(double limit) {
        return BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
    }

    public @Nullable String string(String name) {
        Object value = value(name, "string");
        if (value != null && !(value instanceof String)) {
            throw wrongType(name, "string", value);
        }
        return (String) value;
    }

    public void string(String name, int maxLength) {
        String value = string(name);
        if (value != null && value.codePointCount(0, value.length()) > maxLength) {
            throw error(name, "String must contain at most " + maxLength + " character(s)");
        }
    }

    public void oneOf(String name, Collection<String> allowed) {
        String value = string(name);
        if (value != null && !allowed.contains(value)) {
            throw error(name, "Invalid enum value. Expected one of " + allowed + ", received '" + value + "'");
        }
    }

    public void bool(String... names) {
        for (String name : names) {
            Object value = value(name, "boolean");
            if (value != null && !(value instanceof Boolean)) {
                throw wrongType(name, "boolean", value);
            }
        }
    }

    public void strings(String name) {
        JsonArray array = array(name);
        for (Object item : array.items()) {
            if (!(item instanceof String)) {
                throw error(name, "Expected array of string, received " + typeOf(item) + " in it");
            }
        }
    }

    public void stringsOf(String name, Collection<String> allowed) {
        strings(name);
        for (String item : array(name).strings()) {
            if (!allowed.contains(item)) {
                throw error(name, "Invalid enum value. Expected some of " + allowed + ", received '" + item + "'");
            }
        }
    }

    public JsonArray array(String name) {
        Object value = value(name, "array");
        if (value != null && !(value instanceof JsonArray)) {
            throw wrongType(name, "array", value);
        }
        return value == null ? new JsonArray() : (JsonArray) value;
    }

    /** The object in a field, to be checked in turn, or null if it is absent. */
    public @Nullable FieldCheck child(String name, String... nullableFields) {
        Object value = value(name, "object");
        if (value == null) {
            return null;
        }
        if (!(value instanceof JsonObject child)) {
            throw wrongType(name, "object", value);
        }
        return new FieldCheck(pathOf(name), child, Set.of(nullableFields));
    }

    /** The object in a field that must be there. */
    public FieldCheck requiredChild(String name, String... nullableFields) {
        FieldCheck child = child(name, nullableFields);
        if (child == null) {
            throw error(name, "Required");
        }
        return child;
    }

    /** The objects of an array, to be checked in turn. */
    public List<FieldCheck> children(String name, String... nullableFields) {
        List<FieldCheck> children = new ArrayList<>();
        for (Object item : array(name).items()) {
            String itemPath = pathOf(name) + "." + children.size();
            if (!(item instanceof JsonObject child)) {
                throw ApiError.invalidRequest(itemPath + ": Expected object, received " + typeOf(item));
            }
            children.add(new FieldCheck(itemPath, child, Set.of(nullableFields)));
        }
        return children;
    }

    /** For objects that the specification closes. */
    public void only(Set<String> known) {
        List<String> unknown =
                object.names().stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw error("", "Unrecognized key(s) in object: '" + String.join("', '", unknown) + "'");
        }
    }
}
