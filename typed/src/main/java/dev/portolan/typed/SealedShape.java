package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the records of a sealed interface; a member of each tells which. */
final class SealedShape implements Shape {
    private final String name;
    private final @Nullable String description;
    private final String tag;
    private Map<String, ObjectShape> variants = Map.of();
    private boolean recursive;

    /**
     * Without its records yet.
     *
     * @param tag the member that tells which record it is
     */
    SealedShape(String name, @Nullable String description, String tag) {
        this.name = name;
        this.description = description;
        this.tag = tag;
    }

    /** Sets the records by the value of the tag; they may contain this shape. */
    void variants(Map<String, ObjectShape> newVariants) {
        variants = new LinkedHashMap<>(newVariants);
    }

    /** Says that it contains itself. */
    void foundInItself() {
        recursive = true;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return recursive ? definitions.reference(this, name, () -> body(definitions)) : body(definitions);
    }

    private Map<String, Object> body(Definitions definitions) {
        List<Object> alternatives = new ArrayList<>();
        for (ObjectShape variant : variants.values()) {
            alternatives.add(variant.schema(definitions));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        if (description != null) {
            schema.put("description", description);
        }
        schema.put("anyOf", alternatives);
        return schema;
    }

    @Override
    public @Nullable Object read(JsonReader in) throws IOException {
        if (in.peek() != JsonReader.Token.BEGIN_OBJECT) {
            throw Misread.next(in, expected());
        }
        String value = valueOfTag(in);
        ObjectShape variant = value == null ? null : variants.get(value);
        if (variant == null) {
            String path = in.getPath() + "." + tag;
            String expected = "one of " + String.join(", ", variants.keySet());
            throw value == null
                    ? new Misread(path, expected, "nothing")
                    : Misread.value(path, expected, "another string", '"' + value + '"');
        }
        return variant.read(in);
    }

    /** Whether the object that comes next is one of these. */
    boolean isNext(JsonReader in) throws IOException {
        String value = valueOfTag(in);
        return value != null && variants.containsKey(value);
    }

    /** It need not be the first member. */
    private @Nullable String valueOfTag(JsonReader in) throws IOException {
        try (JsonReader ahead = in.peekJson()) {
            ahead.beginObject();
            while (ahead.hasNext()) {
                if (ahead.nextName().equals(tag) && ahead.peek() == JsonReader.Token.STRING) {
                    return ahead.nextString();
                }
                ahead.skipValue();
            }
            return null;
        }
    }

    @Override
    public String expected() {
        return "an object with '" + tag + "'";
    }
}
