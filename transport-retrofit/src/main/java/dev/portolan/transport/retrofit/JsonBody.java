package dev.portolan.transport.retrofit;

import com.squareup.moshi.JsonWriter;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Media;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * A JSON request body, written from a tree of plain values: maps in their order, lists, texts, numbers, booleans,
 * {@code null}, {@link RawJson} as it is, {@link Media.Bytes} as a data URL, {@code byte[]} as Base64 text.
 *
 * <p>It is one-shot: the client underneath may not send it twice by itself, because the second answer would be charged
 * too.
 */
public final class JsonBody extends RequestBody {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int BASE64_STEP = 3 * 2048;

    private final Buffer json = new Buffer();
    private final long size;

    /** Writes the tree. */
    public JsonBody(Map<String, ?> tree) {
        try (JsonWriter writer = JsonWriter.of(json)) {
            writer.setSerializeNulls(true);
            write(writer, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        size = json.size();
    }

    /** The body's text; empty once it has been sent. */
    public String text() {
        return json.clone().readUtf8();
    }

    @Override
    public MediaType contentType() {
        return JSON;
    }

    @Override
    public long contentLength() {
        return size;
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    /** Moves what is written, as it is sent once: a copy would share its memory, which Okio then uses no more again. */
    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.write(json, json.size());
    }

    private static void write(JsonWriter writer, @Nullable Object value) throws IOException {
        if (value == null) {
            writer.nullValue();
        } else if (value instanceof String text) {
            writer.value(text);
        } else if (value instanceof Boolean bool) {
            writer.value(bool);
        } else if (value instanceof Number number) {
            writer.value(number);
        } else if (value instanceof RawJson raw) {
            writeRaw(writer, raw);
        } else if (value instanceof Media.Bytes media) {
            writeBase64(writer, "data:" + media.mediaType() + ";base64,", media.data());
        } else if (value instanceof byte[] bytes) {
            writeBase64(writer, "", bytes);
        } else if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.name((String) entry.getKey());
                write(writer, entry.getValue());
            }
            writer.endObject();
        } else if (value instanceof Iterable<?> items) {
            writer.beginArray();
            for (Object item : items) {
                write(writer, item);
            }
            writer.endArray();
        } else {
            throw new IllegalArgumentException(
                    "No JSON form for " + value.getClass().getName());
        }
    }

    private static void writeRaw(JsonWriter writer, RawJson raw) throws IOException {
        try (BufferedSink sink = writer.valueSink()) {
            sink.writeUtf8(raw.text());
        }
    }

    private static void writeBase64(JsonWriter writer, String prefix, byte[] bytes) throws IOException {
        try (BufferedSink sink = writer.valueSink()) {
            sink.writeByte('"').writeUtf8(prefix);
            for (int at = 0; at < bytes.length; at += BASE64_STEP) {
                int end = Math.min(at + BASE64_STEP, bytes.length);
                sink.write(Base64.getEncoder().encode(java.util.Arrays.copyOfRange(bytes, at, end)));
            }
            sink.writeByte('"');
        }
    }

    /** Shows the size, not the content. */
    @Override
    public String toString() {
        return "JsonBody[" + size + " bytes of " + StandardCharsets.UTF_8 + "]";
    }
}
