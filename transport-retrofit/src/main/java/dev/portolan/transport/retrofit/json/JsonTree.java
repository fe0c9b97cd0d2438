package dev.portolan.transport.retrofit.json;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object as raw values, for small objects that come once and are kept whole anyway. Reading one
 * twice costs less than a second way of reading everything.
 */
public final class JsonTree {
    private JsonTree() {}

    /** The members in their order; none if the value is no object. */
    public static Map<String, RawJson> members(@Nullable RawJson json) {
        Map<String, RawJson> members = new LinkedHashMap<>();
        if (json == null) {
            return members;
        }
        try (JsonReader reader = reader(json)) {
            if (Lenient.beginObject(reader)) {
                while (reader.hasNext()) {
                    members.put(reader.nextName(), Lenient.raw(reader));
                }
                reader.endObject();
            }
            return members;
        } catch (IOException | JsonDataException tooDeep) {
            return members;
        }
    }

    /** The elements in their order; none if the value is no array. */
    public static java.util.List<RawJson> elements(@Nullable RawJson json) {
        java.util.List<RawJson> elements = new java.util.ArrayList<>();
        if (json == null) {
            return elements;
        }
        try (JsonReader reader = reader(json)) {
            if (Lenient.beginArray(reader)) {
                while (reader.hasNext()) {
                    elements.add(Lenient.raw(reader));
                }
                reader.endArray();
            }
            return elements;
        } catch (IOException | JsonDataException tooDeep) {
            return elements;
        }
    }

    /** Reads a single value. */
    public interface Read<T> {
        @Nullable T from(JsonReader reader) throws IOException;
    }

    /** The value, read in some way; {@code null} if it is missing or of another type. */
    public static <T> @Nullable T value(@Nullable RawJson json, Read<T> read) {
        if (json == null) {
            return null;
        }
        try (JsonReader reader = reader(json)) {
            return read.from(reader);
        } catch (IOException | JsonDataException odd) {
            return null;
        }
    }

    /** The text of a string or number; {@code null} if it is missing or of another type. */
    public static @Nullable String text(@Nullable RawJson json) {
        return value(json, Lenient::text);
    }

    private static JsonReader reader(RawJson json) {
        return JsonReader.of(new Buffer().writeUtf8(json.text()));
    }
}
