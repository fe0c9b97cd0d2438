package dev.portolan.testkit.simulator.json;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object that keeps the order of its fields; values are text, Boolean, Number, JsonObject, JsonArray or null. */
public final class JsonObject {
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Integer.MIN_VALUE);

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    public JsonObject put(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    public JsonObject putIfPresent(String name, @Nullable Object value) {
        return value == null ? this : put(name, value);
    }

    public JsonObject putAll(JsonObject other) {
        fields.putAll(other.fields);
        return this;
    }

    public JsonObject without(String... names) {
        JsonObject copy = new JsonObject().putAll(this);
        for (String name : names) {
            copy.fields.remove(name);
        }
        return copy;
    }

    public Set<String> names() {
        return fields.keySet();
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    public @Nullable Object get(String name) {
        return fields.get(name);
    }

    public @Nullable String string(String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    public String string(String name, String otherwise) {
        return fields.get(name) instanceof String text ? text : otherwise;
    }

    public @Nullable BigDecimal number(String name) {
        return fields.get(name) instanceof BigDecimal number ? number : null;
    }

    /** The number as an int, the nearest if it is too large for one; the caller has checked that it is whole. */
    public int integer(String name, int otherwise) {
        return fields.get(name) instanceof BigDecimal number
                ? number.min(MOST).max(LEAST).intValue()
                : otherwise;
    }

    public @Nullable JsonObject object(String name) {
        return fields.get(name) instanceof JsonObject object ? object : null;
    }

    public JsonArray array(String name) {
        return fields.get(name) instanceof JsonArray array ? array : new JsonArray();
    }

    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    public boolean isFalse(String name) {
        return Boolean.FALSE.equals(fields.get(name));
    }

    @Override
    public String toString() {
        return JsonText.write(this);
    }
}
