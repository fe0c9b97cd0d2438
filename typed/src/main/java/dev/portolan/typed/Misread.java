package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.error.UnusableReplyException.Misfit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is not what a shape wants. The message quotes what was found, so it is for the model, who wrote it, and for nobody
 * else; the {@link #misfit} quotes nothing, names of a map's members included.
 */
final class Misread extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_QUOTE = 80;

    private final Misfit misfit;

    Misread(Misfit misfit, String quoted, @Nullable Throwable cause) {
        this(misfit.path() + ": expected " + misfit.expected() + ", found " + quoted, misfit, cause);
    }

    private Misread(@Nullable String message, Misfit misfit, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.misfit = misfit;
    }

    Misread(String path, String expected, String found) {
        this(new Misfit(path, expected, found), found, null);
    }

    /** The value that comes next is of another kind. */
    static Misread next(JsonReader in, String expected) throws IOException {
        String path = in.getPath();
        JsonReader.Token token = in.peek();
        return switch (token) {
            case STRING -> value(path, expected, "a string", '"' + in.nextString() + '"');
            case NUMBER -> value(path, expected, "a number", in.nextString());
            case BOOLEAN -> value(path, expected, "a boolean", String.valueOf(in.nextBoolean()));
            case NULL -> new Misread(path, expected, "null");
            case BEGIN_OBJECT -> new Misread(path, expected, "an object");
            case BEGIN_ARRAY -> new Misread(path, expected, "an array");
            default -> new Misread(path, expected, "nothing");
        };
    }

    /** A value that was read and does not do. */
    static Misread value(String path, String expected, String kind, String value) {
        boolean whole = value.length() <= LONGEST_QUOTE;
        return new Misread(
                new Misfit(path, expected, kind), whole ? value : value.substring(0, LONGEST_QUOTE) + "…", null);
    }

    /** The same, found in the member of a map; its name is the model's own word. */
    Misread inMap(String path, String name) {
        String place = path + ".*" + misfit.path().substring(path.length() + 1 + name.length());
        return new Misread(getMessage(), new Misfit(place, misfit.expected(), misfit.found()), getCause());
    }

    Misfit misfit() {
        return misfit;
    }
}
