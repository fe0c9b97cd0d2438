package dev.portolan.testkit.simulator.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON array. */
public final class JsonArray {
    private final List<@Nullable Object> items = new ArrayList<>();

    public static JsonArray of(@Nullable Object... items) {
        JsonArray array = new JsonArray();
        for (Object item : items) {
            array.add(item);
        }
        return array;
    }

    public static JsonArray of(Collection<?> items) {
        JsonArray array = new JsonArray();
        array.items.addAll(items);
        return array;
    }

    public JsonArray add(@Nullable Object item) {
        items.add(item);
        return this;
    }

    public JsonArray addAll(JsonArray other) {
        items.addAll(other.items);
        return this;
    }

    public int size() {
        return items.size();
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }

    public List<@Nullable Object> items() {
        return Collections.unmodifiableList(items);
    }

    public List<String> strings() {
        List<String> strings = new ArrayList<>();
        for (Object item : items) {
            if (item instanceof String text) {
                strings.add(text);
            }
        }
        return strings;
    }

    public List<JsonObject> objects() {
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : items) {
            if (item instanceof JsonObject object) {
                objects.add(object);
            }
        }
        return objects;
    }

    @Override
    public String toString() {
        return JsonText.write(this);
    }
}
