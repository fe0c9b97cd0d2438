package dev.portolan.transport.retrofit.json;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonEncodingException;
import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads members that may be missing, {@code null} or of an odd type, as the reference asks of a client: what is not of
 * the type expected is skipped and counts as not set.
 */
public final class Lenient {
    private Lenient() {}

    /** The text of a string or a number; {@code null} if it is of another type. */
    public static @Nullable String text(JsonReader reader) throws IOException {
        JsonReader.Token token = reader.peek();
        if (token == JsonReader.Token.STRING || token == JsonReader.Token.NUMBER) {
            return reader.nextString();
        }
        reader.skipValue();
        return null;
    }

    /** A boolean; {@code null} if it is of another type. */
    public static @Nullable Boolean bool(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BOOLEAN) {
            return reader.nextBoolean();
        }
        reader.skipValue();
        return null;
    }

    /** The number exactly as written, from a number or a text. */
    public static @Nullable BigDecimal decimal(JsonReader reader) throws IOException {
        String text = text(reader);
        if (text == null || text.length() > 100) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) > 1000 ? null : number;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** A number, from a number or a text; {@code null} if it is neither. */
    public static @Nullable Double real(JsonReader reader) throws IOException {
        BigDecimal number = decimal(reader);
        return number == null ? null : number.doubleValue();
    }

    /** A whole number, from a number or a text, without what comes after the point; {@code null} if it is neither. */
    public static @Nullable Long whole(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.NUMBER) {
            try {
                return reader.nextLong();
            } catch (JsonDataException notWholeOrTooLarge) {
                // the number has not been taken, and is read again
            }
        }
        BigDecimal number = decimal(reader);
        return number == null ? null : number.longValue();
    }

    /** A whole number that fits an {@code int}; {@code null} if it does not, or is none. */
    public static @Nullable Integer smallWhole(JsonReader reader) throws IOException {
        Long number = whole(reader);
        return number == null || number != number.intValue() ? null : number.intValue();
    }

    /** A time in seconds since 1970; {@code null} if it is none, or 0, which servers write that know none. */
    public static @Nullable Instant epochSecond(JsonReader reader) throws IOException {
        Long seconds = whole(reader);
        try {
            return seconds == null || seconds <= 0 ? null : Instant.ofEpochSecond(seconds);
        } catch (DateTimeException outOfRange) {
            return null;
        }
    }

    /** The value as it is written. */
    public static RawJson raw(JsonReader reader) throws IOException {
        try (BufferedSource source = reader.nextSource()) {
            return RawJson.parse(source.readUtf8());
        } catch (IllegalArgumentException e) {
            throw new JsonEncodingException(e.getMessage());
        }
    }

    /** Enters an object; {@code false}, and the value is skipped, if it is none. */
    public static boolean beginObject(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_OBJECT) {
            reader.beginObject();
            return true;
        }
        reader.skipValue();
        return false;
    }

    /** Enters an array; {@code false}, and the value is skipped, if it is none. */
    public static boolean beginArray(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_ARRAY) {
            reader.beginArray();
            return true;
        }
        reader.skipValue();
        return false;
    }

    /** Whether the value is {@code null}; if so it is skipped. */
    public static boolean isNull(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.NULL) {
            reader.nextNull();
            return true;
        }
        return false;
    }

    /** The value of an {@code error} member; {@code null} if it says that there is none. */
    public static @Nullable RawJson error(JsonReader reader) throws IOException {
        return error(raw(reader));
    }

    /** The same for one that has been read; {@code null} if it is missing too. */
    public static @Nullable RawJson error(@Nullable RawJson member) {
        boolean isNone = member == null
                || member.isNull()
                || member.text().equals("false")
                || member.text().equals("\"\"");
        return isNone ? null : member;
    }
}
