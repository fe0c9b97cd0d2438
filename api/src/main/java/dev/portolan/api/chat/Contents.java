package dev.portolan.api.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Copies of collections for records: unmodifiable, without nulls, in the given order. */
final class Contents {
    private Contents() {}

    static List<ContentPart> atLeastOne(String role, List<ContentPart> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("A " + role + " message needs content, found none");
        }
        return List.copyOf(parts);
    }

    /** Unlike {@link Map#copyOf}, keeps the order: it decides the order on the wire, and response caches count it. */
    static <V> Map<String, V> orderedCopy(Map<String, V> map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        Map<String, V> copy = new LinkedHashMap<>();
        map.forEach((key, value) ->
                copy.put(Objects.requireNonNull(key), Objects.requireNonNull(value, () -> "no value for " + key)));
        return Collections.unmodifiableMap(copy);
    }
}
