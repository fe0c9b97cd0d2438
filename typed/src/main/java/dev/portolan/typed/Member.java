package dev.portolan.typed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record, or a parameter of a method.
 *
 * @param name its name in JSON
 * @param description what it is here, which says more than what its type is in general; or {@code null}
 * @param shape what it is
 */
record Member(String name, @Nullable String description, Shape shape) {
    Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = shape.schema(definitions);
        if (description == null) {
            return schema;
        }
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("description", description);
        if (schema.containsKey("$ref")) {
            // Strict schemas must have nothing beside a reference.
            described.put("anyOf", List.of(schema));
            return described;
        }
        Object general = schema.get("description");
        described.putAll(schema);
        described.put("description", general == null ? description : description + " (" + general + ")");
        return described;
    }
}
