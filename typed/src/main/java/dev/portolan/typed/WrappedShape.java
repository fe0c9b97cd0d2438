package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value in an object around it, since providers want objects at the top. Models that were not told the schema leave that out.
 *
 * @param object the object around it
 * @param value the value
 */
record WrappedShape(ObjectShape object, Shape value) implements Shape {
    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return object.schema(definitions);
    }

    @Override
    public @Nullable Object read(JsonReader in) throws IOException {
        boolean bare = in.peek() != JsonReader.Token.BEGIN_OBJECT
                || (value instanceof SealedShape choice && choice.isNext(in));
        return bare ? value.read(in) : object.read(in);
    }

    @Override
    public String expected() {
        return object.expected();
    }
}
