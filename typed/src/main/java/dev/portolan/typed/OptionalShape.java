package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that may be {@code null} in JSON. Strict schemas know no other way to leave something out; a reply may all the same.
 *
 * @param value what it is if it is there
 * @param wrapped whether it is an {@link Optional} in Java, not a reference that may be {@code null}
 */
record OptionalShape(Shape value, boolean wrapped) implements Shape {
    private static final Map<String, Object> NULL = Map.of("type", "null");

    /** What it is in Java if it is not there. */
    @Nullable Object absent() {
        return wrapped ? Optional.empty() : null;
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
        Object read = value.read(in);
        return wrapped ? Optional.ofNullable(read) : read;
    }

    @Override
    public String expected() {
        return value.expected() + " or null";
    }
}
