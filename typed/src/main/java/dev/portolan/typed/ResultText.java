package dev.portolan.typed;

import dev.portolan.api.RawJson;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what a tool returned for the model. */
final class ResultText {
    private ResultText() {}

    /**
     * Text as it is, all else as JSON.
     *
     * @throws IllegalArgumentException if there is no JSON for the value
     */
    static String of(@Nullable Object value) {
        return value instanceof CharSequence text
                ? text.toString()
                : RawJson.of(plain(value)).text();
    }

    /** The value as what {@link RawJson#of} takes. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof RawJson) {
            return value;
        }
        if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        }
        if (value instanceof Enum<?> constant) {
            return name(constant);
        }
        if (value instanceof Record record) {
            return members(record);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> members.put(key(name), plain(member)));
            return members;
        }
        if (value instanceof Iterable<?> items) {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(plain(item)));
            return list;
        }
        if (value.getClass().isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                list.add(plain(Array.get(value, i)));
            }
            return list;
        }
        if (value instanceof CharSequence
                || value instanceof Character
                || value instanceof Temporal
                || value instanceof Duration
                || ScalarShape.of(value.getClass()) != null) {
            return value.toString();
        }
        throw new IllegalArgumentException(
                "A tool cannot return a " + value.getClass().getName()
                        + "; return text, a record, a Map, a List, a number, a boolean or RawJson");
    }

    private static String key(@Nullable Object name) {
        return name instanceof Enum<?> constant ? name(constant) : String.valueOf(name);
    }

    private static String name(Enum<?> constant) {
        try {
            var field = constant.getDeclaringClass().getDeclaredField(constant.name());
            return TypeReader.name(field, field, constant.name());
        } catch (NoSuchFieldException e) {
            return constant.name();
        }
    }

    private static Map<String, @Nullable Object> members(Record record) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        Class<?> type = record.getClass();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            TypeReader.open(accessor, type);
            try {
                String name =
                        TypeReader.name(component, type.getDeclaredField(component.getName()), component.getName());
                members.put(name, plain(accessor.invoke(record)));
            } catch (InvocationTargetException e) {
                throw new IllegalStateException(
                        type.getSimpleName() + "." + component.getName() + "() failed", e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(type.getName() + " cannot be read", e);
            }
        }
        return members;
    }
}
