package dev.portolan.transport.retrofit.json;

import dev.portolan.api.RawJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object that somebody wrote by hand, taken out one by one. A member of the wrong type is an error
 * that names its path; {@code null} counts as not set; what nobody took is left over.
 */
public final class Members {
    private final String path;
    private final Map<String, RawJson> left;

    private Members(String path, Map<String, RawJson> left) {
        this.path = path;
        this.left = left;
    }

    /**
     * The members of an object.
     *
     * @throws IllegalArgumentException if the value is not an object
     */
    public static Members of(RawJson json, String path) {
        if (!json.text().stripLeading().startsWith("{")) {
            throw wrong(path.isEmpty() ? "The request" : path, "an object", json);
        }
        return new Members(path, JsonTree.members(json));
    }

    /** Whether a member is there, has not been taken, and is not {@code null}. */
    public boolean has(String name) {
        RawJson value = left.get(name);
        return value != null && !value.isNull();
    }

    /** What has not been taken, {@code null} values included. */
    public Map<String, RawJson> left() {
        return left;
    }

    /** The path of a member, for messages. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Takes a member of any type; {@code null} if it is not set. */
    public @Nullable RawJson raw(String name) {
        RawJson value = left.remove(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Takes a string; {@code null} if it is not set. */
    public @Nullable String text(String name) {
        RawJson value = raw(name);
        if (value == null) {
            return null;
        }
        if (!isText(value)) {
            throw wrong(path(name), "a string", value);
        }
        return JsonTree.text(value);
    }

    /** Takes a string that must be there. */
    public String requiredText(String name) {
        String text = text(name);
        if (text == null) {
            throw new IllegalArgumentException(path(name) + " is missing");
        }
        return text;
    }

    /** Takes a boolean; {@code null} if it is not set. */
    public @Nullable Boolean bool(String name) {
        RawJson value = raw(name);
        if (value == null) {
            return null;
        }
        if (!value.text().equals("true") && !value.text().equals("false")) {
            throw wrong(path(name), "true or false", value);
        }
        return Boolean.valueOf(value.text());
    }

    /** Takes a number, exactly as written; {@code null} if it is not set. */
    public @Nullable BigDecimal decimal(String name) {
        RawJson value = raw(name);
        return value == null ? null : decimal(value, path(name));
    }

    /** Takes a number; {@code null} if it is not set. */
    public @Nullable Double real(String name) {
        BigDecimal number = decimal(name);
        return number == null ? null : number.doubleValue();
    }

    /** Takes a whole number; {@code null} if it is not set. */
    public @Nullable Long whole(String name) {
        BigDecimal number = decimal(name);
        try {
            return number == null ? null : number.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(path(name) + " must be a whole number, found " + number, e);
        }
    }

    /** Takes a whole number that fits an {@code int}; {@code null} if it is not set. */
    public @Nullable Integer smallWhole(String name) {
        Long number = whole(name);
        if (number != null && number != number.intValue()) {
            throw new IllegalArgumentException(path(name) + " is too large: " + number);
        }
        return number == null ? null : number.intValue();
    }

    /** The elements of an array; {@code null} if it is not set. */
    public @Nullable List<RawJson> elements(String name) {
        RawJson value = raw(name);
        return value == null ? null : elements(value, path(name));
    }

    /** Takes an array of strings; {@code null} if it is not set. */
    public @Nullable List<String> texts(String name) {
        List<RawJson> elements = elements(name);
        if (elements == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (RawJson element : elements) {
            texts.add(text(element, path(name) + "[" + texts.size() + "]"));
        }
        return texts;
    }

    /** A list that may be written as a single text. */
    public List<String> textOrTexts(String name) {
        RawJson value = left.get(name);
        if (value != null && isText(value)) {
            return List.of(requiredText(name));
        }
        List<String> texts = texts(name);
        return texts == null ? List.of() : texts;
    }

    /** Takes an object; {@code null} if it is not set. */
    public @Nullable Members object(String name) {
        RawJson value = raw(name);
        return value == null ? null : of(value, path(name));
    }

    /** The members of an object whose values are all of one kind. */
    public <V> Map<String, V> map(String name, Function<RawJson, V> read) {
        Members object = object(name);
        Map<String, V> map = new LinkedHashMap<>();
        if (object != null) {
            object.left.forEach((key, value) -> map.put(key, read.apply(value)));
        }
        return map;
    }

    /** A constant by its name on the wire; {@code null} if it is not set or not one of them, and then it stays. */
    public <E extends Enum<E>> @Nullable E constant(String name, Class<E> type) {
        RawJson value = left.get(name);
        String text = value != null && isText(value) ? JsonTree.text(value) : null;
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                left.remove(name);
                return constant;
            }
        }
        return null;
    }

    /** Drops members that are set to {@code null}. */
    public Members withoutNulls() {
        left.values().removeIf(RawJson::isNull);
        return this;
    }

    /** Whether a value is a string. */
    public static boolean isText(RawJson value) {
        return value.text().startsWith("\"");
    }

    /** The string that a value must be; {@code path} is for the message if it is not. */
    public static String text(RawJson value, String path) {
        String text = isText(value) ? JsonTree.text(value) : null;
        if (text == null && !value.text().equals("\"\"")) {
            throw wrong(path, "a string", value);
        }
        return text == null ? "" : text;
    }

    /** The elements of the array that a value must be; {@code path} is for the message if it is not. */
    public static List<RawJson> elements(RawJson value, String path) {
        if (!value.text().stripLeading().startsWith("[")) {
            throw wrong(path, "an array", value);
        }
        return JsonTree.elements(value);
    }

    /** The number that a value must be; {@code path} is for the message if it is not. */
    public static BigDecimal decimal(RawJson value, String path) {
        BigDecimal number = isText(value) ? null : JsonTree.value(value, Lenient::decimal);
        if (number == null) {
            throw wrong(path, "a number", value);
        }
        return number;
    }

    /** Names the type that was found, not the value, which may be a part of a conversation. */
    public static IllegalArgumentException wrong(String path, String expected, RawJson found) {
        String text = found.text().stripLeading();
        String kind = text.isEmpty()
                ? "nothing"
                : switch (text.charAt(0)) {
                    case '{' -> "an object";
                    case '[' -> "an array";
                    case '"' -> "a string";
                    case 't', 'f' -> "a boolean";
                    case 'n' -> "null";
                    default -> "a number";
                };
        return new IllegalArgumentException(path + " must be " + expected + ", found " + kind);
    }
}
