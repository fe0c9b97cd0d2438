package dev.portolan.typed;

import dev.portolan.api.RawJson;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what a tool returned for the model. */
final class ResultText {
    /** What JSON may be nested, and more than anybody wants to tell a model. */
    private static final int MOST_DEPTH = 200;

    private static final String REMEDY = "; return text, a record, a Map, a List, a number, a boolean or RawJson";

    /** What is written as the text that it is itself. */
    private static final List<Class<?>> TEXTS = List.of(
            CharSequence.class,
            Character.class,
            TemporalAccessor.class,
            TemporalAmount.class,
            ZoneId.class,
            UUID.class,
            URI.class,
            Path.class); // which is also an Iterable, of itself

    private static final List<Class<?>> OTHERS = List.of(
            Void.class,
            Number.class,
            Boolean.class,
            RawJson.class,
            Optional.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class,
            Enum.class,
            Record.class,
            Map.class,
            Iterable.class);

    private ResultText() {}

    /**
     * Checks what a tool says that it returns. What only the value can tell, such as what stands for an interface, is left to
     * {@link #of}.
     *
     * @param where what returns it, for complaints
     * @throws IllegalArgumentException if there is no JSON for such a value
     */
    static void check(Class<?> type, String where) {
        Class<?> item = type;
        while (item.isArray()) {
            item = item.getComponentType();
        }
        // Primitive types count as abstract, and can all be written.
        boolean open = item == Object.class || Modifier.isAbstract(item.getModifiers());
        if (!open && !isOf(TEXTS, item) && !isOf(OTHERS, item)) {
            throw new IllegalArgumentException(where + " cannot return a " + item.getName() + " to a model" + REMEDY);
        }
    }

    private static boolean isOf(List<Class<?>> kinds, Class<?> type) {
        return kinds.stream().anyMatch(kind -> kind.isAssignableFrom(type));
    }

    /**
     * Text as it is, all else as JSON.
     *
     * @throws IllegalArgumentException if there is no JSON for the value
     */
    static String of(@Nullable Object value) {
        return value instanceof CharSequence text
                ? text.toString()
                : RawJson.of(plain(value, 0)).text();
    }

    /** The value as what {@link RawJson#of} takes. */
    private static @Nullable Object plain(@Nullable Object value, int depth) {
        if (depth > MOST_DEPTH) {
            throw new IllegalArgumentException("What a tool returns is nested deeper than " + MOST_DEPTH
                    + " levels; is a collection contained in itself?");
        }
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof RawJson) {
            return value;
        }
        if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null), depth + 1);
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? optional.getAsDouble() : null;
        }
        if (value instanceof Enum<?> constant) {
            return name(constant);
        }
        if (isOf(TEXTS, value.getClass())) {
            return value.toString();
        }
        if (value instanceof Record record) {
            return members(record, depth + 1);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> members.put(key(name), plain(member, depth + 1)));
            return members;
        }
        if (value instanceof Iterable<?> items) {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(plain(item, depth + 1)));
            return list;
        }
        if (value.getClass().isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                list.add(plain(Array.get(value, i), depth + 1));
            }
            return list;
        }
        throw new IllegalArgumentException(
                "A tool cannot return a " + value.getClass().getName() + REMEDY);
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

    private static Map<String, @Nullable Object> members(Record record, int depth) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        Class<?> type = record.getClass();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            TypeReader.open(accessor, type);
            try {
                String name =
                        TypeReader.name(component, type.getDeclaredField(component.getName()), component.getName());
                members.put(name, plain(accessor.invoke(record), depth));
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
