package dev.portolan.transport.retrofit.json;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.chat.Media;
import java.io.IOException;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads the URL of an image. A data URL is decoded while it is read, so that a large image is never held as text as well.
 */
public final class DataUrlReader {
    private static final ByteString DATA_URL = ByteString.encodeUtf8("\"data:");
    private static final ByteString BASE64 = ByteString.encodeUtf8(";base64");
    private static final int MAX_HEADER = 256;

    private DataUrlReader() {}

    /** The image; {@code null} if there is no URL. */
    public static @Nullable Media read(JsonReader reader) throws IOException {
        if (reader.peek() != JsonReader.Token.STRING) {
            reader.skipValue();
            return null;
        }
        String path = reader.getPath();
        try (BufferedSource json = reader.nextSource()) {
            if (!json.rangeEquals(0, DATA_URL)) {
                return url(json);
            }
            long comma = json.indexOf((byte) ',', 0, MAX_HEADER);
            if (comma < 0 || !json.rangeEquals(comma - BASE64.size(), BASE64)) {
                return url(json);
            }
            json.skip(DATA_URL.size());
            String mediaType = json.readUtf8(comma - DATA_URL.size()).replace("\\/", "/");
            json.skip(1);
            return new Media.Bytes(Base64Text.decode(json, path), mediaType.substring(0, mediaType.indexOf(';')));
        }
    }

    private static @Nullable Media url(BufferedSource json) throws IOException {
        try (JsonReader text = JsonReader.of(json)) {
            String url = text.nextString();
            return url.isBlank() ? null : Media.url(url);
        }
    }
}
