package dev.portolan.provider.openrouter;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as plain values that are equal when the JSON means the same: members in any order, 1 as 1.0. Read by a library of
 * its own, so that a mistake of ours is not made twice.
 */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static Object value(String json) {
        return value(MAPPER.readTree(json));
    }

    static Map<String, Object> object(String json) {
        return object(value(json));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> array(Object value) {
        return (List<Object>) value;
    }

    /** What stands at a place such as {@code choices.0.message}; null if there is nothing. */
    static Object at(Object value, String path) {
        Object here = value;
        for (String step : path.split("\\.")) {
            if (here instanceof Map<?, ?> map) {
                here = map.get(step);
            } else if (here instanceof List<?> list) {
                int index = Integer.parseInt(step);
                here = index < list.size() ? list.get(index) : null;
            } else {
                return null;
            }
        }
        return here;
    }

    /** The same without members that are null: on this wire they mean the same as absent ones. */
    static Object withoutNulls(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> out = new LinkedHashMap<>();
            map.forEach((name, member) -> {
                if (member != null) {
                    out.put((String) name, withoutNulls(member));
                }
            });
            return out;
        }
        return value instanceof List<?> list
                ? list.stream().map(Json::withoutNulls).toList()
                : value;
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> out = new LinkedHashMap<>();
            node.properties().forEach(member -> out.put(member.getKey(), value(member.getValue())));
            return out;
        } else if (node.isArray()) {
            List<Object> out = new ArrayList<>();
            node.forEach(element -> out.add(value(element)));
            return out;
        } else if (node.isNumber()) {
            BigDecimal number = node.decimalValue();
            return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? null : node.stringValue();
    }
}
