package dev.portolan.testkit.simulator.json;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON without ever passing a number through a double. */
public final class JsonText {
    private JsonText() {}

    /** Reads exactly one JSON value; anything else is an IllegalArgumentException. */
    public static @Nullable Object parse(String text) {
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(text))) {
            Object value = read(reader);
            if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
                throw new IllegalArgumentException("text after the end of the JSON value");
            }
            return value;
        } catch (IOException | JsonDataException | NumberFormatException malformed) {
            throw new IllegalArgumentException(malformed.getMessage(), malformed);
        }
    }

    private static @Nullable Object read(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                reader.beginObject();
                while (reader.hasNext()) {
                    object.put(reader.nextName(), read(reader));
                }
                reader.endObject();
                yield object;
            }
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(read(reader));
                }
                reader.endArray();
                yield array;
            }
            case STRING -> reader.nextString();
            case NUMBER -> new BigDecimal(reader.nextString());
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> reader.nextNull();
            default -> throw new IllegalArgumentException("unexpected " + reader.peek());
        };
    }

    public static String write(@Nullable Object value) {
        Buffer buffer = new Buffer();
        try (JsonWriter writer = JsonWriter.of(buffer)) {
            writer.setSerializeNulls(true);
            writer.setLenient(true); // a bare string or number is a value too
            write(writer, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // a buffer does not fail
        }
        return buffer.readUtf8();
    }

    private static void write(JsonWriter writer, @Nullable Object value) throws IOException {
        if (value == null) {
            writer.nullValue();
        } else if (value instanceof String text) {
            writer.value(text);
        } else if (value instanceof Number number) {
            writer.value(number);
        } else if (value instanceof Boolean flag) {
            writer.value(flag);
        } else if (value instanceof JsonArray array) {
            writer.beginArray();
            for (Object item : array.items()) {
                write(writer, item);
            }
            writer.endArray();
        } else if (value instanceof JsonObject object) {
            writer.beginObject();
            for (String name : object.names()) {
                writer.name(name);
                write(writer, object.get(name));
            }
            writer.endObject();
        } else {
            throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }
}
