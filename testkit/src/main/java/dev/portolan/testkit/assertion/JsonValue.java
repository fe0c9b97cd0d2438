package dev.portolan.testkit.assertion;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON without what does not matter: blanks, the order of members, zeros at the end of a number. */
record JsonValue(@Nullable Object value) {
    /** Throws an IllegalArgumentException for what is no JSON. */
    static JsonValue of(String text) {
        return new JsonValue(plain(JsonText.parse(text)));
    }

    static boolean isJson(String text, JsonValue expected) {
        try {
            return of(text).equals(expected);
        } catch (IllegalArgumentException notJson) {
            return false;
        }
    }

    /** A member of the object that the text is; null if it is none, or has no such member. */
    static @Nullable JsonValue member(String text, String name) {
        try {
            return of(text).value() instanceof Map<?, ?> members && members.containsKey(name)
                    ? new JsonValue(members.get(name))
                    : null;
        } catch (IllegalArgumentException notJson) {
            return null;
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            Map<String, @Nullable Object> members = new HashMap<>();
            object.names().forEach(name -> members.put(name, plain(object.get(name))));
            return members;
        } else if (value instanceof JsonArray array) {
            List<@Nullable Object> items = new ArrayList<>();
            array.items().forEach(item -> items.add(plain(item)));
            return items;
        }
        return value instanceof BigDecimal number ? number.stripTrailingZeros() : value;
    }
}
