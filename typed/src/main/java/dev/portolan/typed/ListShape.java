package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An array of JSON: a list, a set or an array.
 *
 * @param items what is in it
 * @param collector makes the collection of its items
 */
record ListShape(Shape items, Function<List<@Nullable Object>, Object> collector) implements Shape {
    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("items", items.schema(definitions));
        return schema;
    }

    @Override
    public Object read(JsonReader in) throws IOException {
        if (in.peek() != JsonReader.Token.BEGIN_ARRAY) {
            throw Misread.next(in, expected());
        }
        List<@Nullable Object> values = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            values.add(items.read(in));
        }
        in.endArray();
        return collector.apply(values);
    }

    @Override
    public String expected() {
        return "an array";
    }
}
