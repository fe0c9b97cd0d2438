package dev.portolan.typed;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The parts of a schema that contain themselves, and are therefore referred to by name. */
final class Definitions {
    private final Map<Shape, String> names = new HashMap<>();
    private final Map<String, Object> schemas = new LinkedHashMap<>();

    /** A reference to the shape, which is defined if it is not yet. */
    Map<String, Object> reference(Shape shape, String wanted, Supplier<Map<String, Object>> schema) {
        String name = names.get(shape);
        if (name == null) {
            name = wanted;
            for (int number = 2; names.containsValue(name); number++) {
                name = wanted + number;
            }
            names.put(shape, name);
            schemas.put(name, schema.get());
        }
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("$ref", "#/$defs/" + name);
        return reference;
    }

    /** Adds the definitions to the schema that they are for, if there are any. */
    Map<String, Object> addTo(Map<String, Object> root) {
        if (!schemas.isEmpty()) {
            root.put("$defs", schemas);
        }
        return root;
    }
}
