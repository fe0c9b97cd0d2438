package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object whose members are not known beforehand. Strict schemas cannot have it.
 *
 * @param values what its members are
 */
record MapShape(Shape values) implements Shape {
    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("additionalProperties", values.schema(definitions));
        return schema;
    }

    @Override
    public Object read(JsonReader in) throws IOException {
        if (in.peek() != JsonReader.Token.BEGIN_OBJECT) {
            throw Misread.next(in, expected());
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        String path = in.getPath();
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            try {
                members.put(name, values.read(in));
            } catch (Misread e) {
                throw e.inMap(path, name);
            }
        }
        in.endObject();
        return Collections.unmodifiableMap(members);
    }

    @Override
    public String expected() {
        return "an object";
    }
}
