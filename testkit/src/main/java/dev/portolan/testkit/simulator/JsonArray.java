package dev.portolan.testkit.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON array. */
final class JsonArray {
    private final List<@Nullable Object> items = new ArrayList<>();

    static JsonArray of(@Nullable Object... items) {
        JsonArray array = new JsonArray();
        for (Object item : items) {
            array.add(item);
        }
        return array;
    }

    static JsonArray of(Collection<?> items) {
        JsonArray array = new JsonArray();
        array.items.addAll(items);
        return array;
    }

    JsonArray add(@Nullable Object item) {
        items.add(item);
        return this;
    }

    JsonArray addAll(JsonArray other) {
        items.addAll(other.items);
        return this;
    }

    int size() {
        return items.size();
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    List<@Nullable Object> items() {
        return Collections.unmodifiableList(items);
    }

    List<String> strings() {
        List<String> strings = new ArrayList<>();
        for (Object item : items) {
            if (item instanceof String text) {
                strings.add(text);
            }
        }
        return strings;
    }

    List<JsonObject> objects() {
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
