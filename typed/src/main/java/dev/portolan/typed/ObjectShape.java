package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object with members that are known: a record, or the arguments of a method. */
final class ObjectShape implements Shape {
    private final String name;
    private final @Nullable String description;
    private final @Nullable Tag tag;
    private final Maker maker;
    private List<Member> members = List.of();
    private Map<String, Integer> places = Map.of();
    private boolean recursive;

    /** The member that tells which record of a sealed interface this is. */
    record Tag(String member, String value) {}

    /** Makes the Java object of its members. */
    interface Maker {
        /**
         * Makes it.
         *
         * @param path where it is, for complaints
         * @throws Misread if the values are refused
         */
        Object make(@Nullable Object[] values, String path);
    }

    ObjectShape(String name, @Nullable String description, @Nullable Tag tag, Maker maker) {
        this.name = name;
        this.description = description;
        this.tag = tag;
        this.maker = maker;
    }

    /** Sets the members, which may contain this shape. */
    void members(List<Member> newMembers) {
        members = List.copyOf(newMembers);
        Map<String, Integer> byName = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            byName.put(members.get(i).name(), i);
        }
        places = byName;
    }

    List<Member> members() {
        return members;
    }

    String name() {
        return name;
    }

    @Nullable String description() {
        return description;
    }

    /** Says that it contains itself. */
    void foundInItself() {
        recursive = true;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return recursive ? definitions.reference(this, name, () -> body(definitions)) : body(definitions);
    }

    Map<String, Object> body(Definitions definitions) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (tag != null) {
            properties.put(tag.member(), new EnumShape(null, Map.of(tag.value(), tag)).schema(definitions));
        }
        for (Member member : members) {
            properties.put(member.name(), member.schema(definitions));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (description != null) {
            schema.put("description", description);
        }
        schema.put("properties", properties);
        schema.put("required", new ArrayList<>(properties.keySet()));
        schema.put("additionalProperties", false);
        return schema;
    }

    @Override
    public Object read(JsonReader in) throws IOException {
        String path = in.getPath();
        if (in.peek() != JsonReader.Token.BEGIN_OBJECT) {
            throw Misread.next(in, expected());
        }
        @Nullable Object[] values = new @Nullable Object[members.size()];
        boolean[] seen = new boolean[members.size()];
        in.beginObject();
        while (in.hasNext()) {
            Integer place = places.get(in.nextName());
            if (place == null) {
                in.skipValue();
            } else {
                values[place] = members.get(place).shape().read(in);
                seen[place] = true;
            }
        }
        in.endObject();
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                values[i] = absent(members.get(i), path);
            }
        }
        return maker.make(values, path);
    }

    private static @Nullable Object absent(Member member, String path) {
        if (member.shape() instanceof OptionalShape optional) {
            return optional.absent();
        }
        throw new Misread(path + "." + member.name(), member.shape().expected(), "nothing");
    }

    @Override
    public String expected() {
        return "an object";
    }
}
