package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of a few strings.
 *
 * @param description what the enum is and what its constants mean, or {@code null}
 * @param constants the constants by their names in JSON, in order
 */
record EnumShape(@Nullable String description, Map<String, Object> constants) implements Shape {
    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        if (description != null) {
            schema.put("description", description);
        }
        schema.put("enum", List.copyOf(constants.keySet()));
        return schema;
    }

    @Override
    public Object read(JsonReader in) throws IOException {
        if (in.peek() != JsonReader.Token.STRING) {
            throw Misread.next(in, expected());
        }
        String path = in.getPath();
        String name = in.nextString();
        Object constant = constants.get(name);
        if (constant == null) {
            throw Misread.value(path, expected(), "another string", '"' + name + '"');
        }
        return constant;
    }

    @Override
    public String expected() {
        return "one of " + String.join(", ", constants.keySet());
    }
}
