package dev.portolan.transport.retrofit.json;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A text that every chunk of a stream repeats: compared on the bytes, and made into a string only when it changes. */
public final class RepeatedText {
    private @Nullable String value;
    private JsonReader.@Nullable Options known;
    private boolean changed;

    /** Nothing read yet. */
    public RepeatedText() {}

    /** What was read last; {@code null} if nothing was. */
    public @Nullable String value() {
        return value;
    }

    /** Whether what was read last differs from what had been read before. */
    public boolean hasChanged() {
        return changed;
    }

    /** Reads the text; {@code null} or an odd type leaves the value as it was. */
    public @Nullable String read(JsonReader reader) throws IOException {
        changed = false;
        if (reader.peek() != JsonReader.Token.STRING) {
            reader.skipValue();
        } else if (known == null || reader.selectString(known) != 0) {
            String next = reader.nextString();
            changed = !next.equals(value);
            known = changed ? null : JsonReader.Options.of(next); // not for one that comes once
            value = next;
        }
        return value;
    }
}
