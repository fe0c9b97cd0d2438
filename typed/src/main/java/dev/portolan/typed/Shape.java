package dev.portolan.typed;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Java type as JSON: its schema, and how a value of it is read. Immutable once the whole type is known. */
sealed interface Shape
        permits EnumShape, ListShape, MapShape, ObjectShape, OptionalShape, ScalarShape, SealedShape, WrappedShape {
    /** The schema; what contains itself goes into the definitions. */
    Map<String, Object> schema(Definitions definitions);

    /**
     * Reads the next value.
     *
     * @throws Misread if it is not of this shape
     */
    @Nullable Object read(JsonReader in) throws IOException;

    /** What belongs here, in words: {@code an integer}. */
    String expected();
}
