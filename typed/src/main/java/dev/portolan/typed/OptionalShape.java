package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Something that may be {@code null} in JSON. Strict schemas know no other way to leave something out; a reply may all the same.
 *
 * @param value what it is if it is there
 * @param kind how Java says that it may be missing
 */
record OptionalShape(Shape value, Kind kind) implements Shape {
    private static final Map<String, Object> NULL = Map.of("type", "null");

    /** How Java says that something may be missing. */
    enum Kind {
        /** A reference that may be {@code null}. */
        REFERENCE,
        /** {@link Optional}. */
        OPTIONAL,
        /** {@link OptionalInt}. */
        INT,
        /** {@link OptionalLong}. */
        LONG,
        /** {@link OptionalDouble}. */
        DOUBLE;

        private @Nullable Object of(@Nullable Object value) {
            return switch (this) {
                case REFERENCE -> value;
                case OPTIONAL -> Optional.ofNullable(value);
                case INT -> value == null ? OptionalInt.empty() : OptionalInt.of((Integer) value);
                case LONG -> value == null ? OptionalLong.empty() : OptionalLong.of((Long) value);
                case DOUBLE -> value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
            };
        }
    }

    /** The shape of an {@link Optional} of a primitive type, or {@code null} if it is none. */
    static @Nullable OptionalShape of(Class<?> type) {
        if (type == OptionalInt.class) {
            return of(int.class, Kind.INT);
        }
        if (type == OptionalLong.class) {
            return of(long.class, Kind.LONG);
        }
        return type == OptionalDouble.class ? of(double.class, Kind.DOUBLE) : null;
    }

    private static OptionalShape of(Class<?> type, Kind kind) {
        return new OptionalShape(Objects.requireNonNull(ScalarShape.of(type)), kind);
    }

    /** What it is in Java if it is not there. */
    @Nullable Object absent() {
        return kind.of(null);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = value.schema(definitions);
        Map<String, Object> nullable = new LinkedHashMap<>(schema);
        if (value instanceof ScalarShape scalar) {
            nullable.put("type", List.of(scalar.type(), "null"));
            return nullable;
        }
        if (value instanceof ListShape) {
            nullable.put("type", List.of("array", "null"));
            return nullable;
        }
        List<Object> alternatives = new ArrayList<>();
        alternatives.add(schema);
        alternatives.add(NULL);
        return new LinkedHashMap<>(Map.of("anyOf", alternatives));
    }

    @Override
    public @Nullable Object read(JsonReader in) throws IOException {
        if (in.peek() == JsonReader.Token.NULL) {
            in.nextNull();
            return absent();
        }
        return kind.of(value.read(in));
    }

    @Override
    public String expected() {
        return value.expected() + " or null";
    }
}
