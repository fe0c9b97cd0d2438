package dev.portolan.typed;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ResponseFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of a Java type, and the way back from JSON to the type. Made by reflection, once for each class; immutable and
 * thread-safe.
 *
 * <p>A record becomes an object with a member for each component. Components may be strings, numbers of all kinds, booleans,
 * enums, {@code java.time} values, {@code UUID} and {@code URI}, records, sealed interfaces of records, {@code List},
 * {@code Set}, arrays, {@code Optional}, {@code OptionalInt} and its like, and {@code Map} with string keys, of each other and of
 * themselves. A component that is an {@code Optional} or annotated {@code @Nullable}, by whatever library, may be missing or
 * {@code null}; all others must be there. {@link Description} says what something is, {@link Name} how it is called in JSON.
 *
 * <p>Each record of a sealed interface gets a member more, {@code type}, with its name ({@code kind} or {@code variant} where
 * {@code type} is taken). What is no object at the top, such as a list, an enum or a sealed interface, is wrapped in one
 * with the single member {@code value}, since providers want objects there; an answer may leave that out.
 *
 * <p>In a Java module, the package of a record must be open: {@code opens com.acme.orders to dev.portolan.typed;}
 *
 * @param <T> the Java type
 */
public final class TypeSchema<T> {
    private static final String WRAPPED = "value";

    private static final ClassValue<TypeSchema<?>> SINGLE = new ClassValue<>() {
        @Override
        protected TypeSchema<?> computeValue(Class<?> type) {
            TypeReader reader = new TypeReader();
            return new TypeSchema<>(TypeReader.schemaName(type), reader.shape(type), reader.maps());
        }
    };
    private static final ClassValue<TypeSchema<?>> LISTS = new ClassValue<>() {
        @Override
        protected TypeSchema<?> computeValue(Class<?> type) {
            TypeReader reader = new TypeReader();
            return new TypeSchema<>(TypeReader.schemaName(type) + "_list", reader.listOf(type), reader.maps());
        }
    };

    private final String name;
    private final @Nullable String description;
    private final Shape shape;
    private final boolean arrays;
    private final RawJson json;
    private final List<String> maps;

    private TypeSchema(String name, Shape value, List<String> maps) {
        this.name = name;
        this.maps = maps;
        ObjectShape root = value instanceof ObjectShape object ? object : wrapping(name, value);
        shape = root == value ? root : new WrappedShape(root, value);
        arrays = value instanceof ListShape;
        description = root.description();
        Definitions definitions = new Definitions();
        json = RawJson.of(definitions.addTo(new LinkedHashMap<>(root.body(definitions))));
    }

    private static ObjectShape wrapping(String name, Shape value) {
        ObjectShape object = new ObjectShape(name, null, null, (values, path) -> Objects.requireNonNull(values[0]));
        object.members(List.of(new Member(WRAPPED, null, value)));
        return object;
    }

    /**
     * The schema of this class; always the same object for the same class.
     *
     * @param type a record, a sealed interface of records, an enum, or a class such as {@code Integer}
     * @throws IllegalArgumentException if there is no schema for the class or something in it; the message names the component, the
     *     reason and the remedy
     */
    @SuppressWarnings("unchecked") // the schema was made for the class
    public static <T> TypeSchema<T> of(Class<T> type) {
        return (TypeSchema<T>) SINGLE.get(type);
    }

    /**
     * The schema of a list of these.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    @SuppressWarnings("unchecked") // the schema was made for the class
    public static <E> TypeSchema<List<E>> listOf(Class<E> type) {
        return (TypeSchema<List<E>>) LISTS.get(type);
    }

    /** The name of the schema: that of the class, in ASCII. */
    public String name() {
        return name;
    }

    /** The schema: an object, with all members required, and no others allowed. */
    public RawJson json() {
        return json;
    }

    /**
     * Whether a provider can hold a model to the schema exactly. Only maps stand against it, since strict schemas have no
     * members whose names are not known: {@link #maps()} tells where. The schema is sent as not strict then.
     */
    public boolean strict() {
        return maps.isEmpty();
    }

    /** Where there are maps, for example {@code Harbour.depths}. */
    public List<String> maps() {
        return maps;
    }

    /** The schema as the form that an answer must have. */
    public ResponseFormat responseFormat() {
        return new ResponseFormat.JsonSchema(name, description, json, strict());
    }

    /**
     * Reads a model's answer: JSON that fits the schema, also in a code fence or with words around it. Members that the schema
     * does not know are passed over.
     *
     * @throws IllegalArgumentException if it does not fit; the message says where and why, and quotes what is there
     */
    public T read(String text) {
        try {
            return parse(text);
        } catch (Misread e) {
            throw new IllegalArgumentException(e.getMessage(), e.getCause());
        }
    }

    /**
     * Reads a model's answer.
     *
     * @throws Misread if it does not fit
     */
    @SuppressWarnings("unchecked") // the shape was made for the type
    T parse(String text) {
        String found = JsonText.in(text, arrays);
        if (found == null) {
            throw new Misread("$", "a JSON object", text.isBlank() ? "nothing" : "text that is not JSON");
        }
        return (T) read(shape, found);
    }

    /** Reads JSON text that is known to be well-formed. */
    static Object read(Shape shape, String json) {
        try (JsonReader in = JsonReader.of(new Buffer().writeUtf8(json))) {
            try {
                return Objects.requireNonNull(shape.read(in));
            } catch (JsonDataException e) {
                throw new Misread("$", "what the schema says", "JSON that is nested too deep");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("JSON that was checked cannot be read", e);
        }
    }

    /** The schema as text. */
    @Override
    public String toString() {
        return json.text();
    }
}
