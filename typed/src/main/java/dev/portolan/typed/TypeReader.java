package dev.portolan.typed;

import com.squareup.moshi.Json;
import dev.portolan.api.error.UnusableReplyException.Misfit;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the shapes of Java types. Used for one type and all that is in it, by one thread. */
final class TypeReader {
    private static final int TOO_DEEP = 100;
    private static final List<String> TAGS = List.of("type", "kind", "variant");
    private static final String REMEDY =
            "; use a record, a sealed interface of records, an enum, a String, a number, a boolean, a"
                    + " java.time value, a UUID or URI, or a List, Set, array, Optional or Map<String, …> of these";
    private final Map<Key, Shape> shapes = new HashMap<>();
    private final Set<Key> open = new LinkedHashSet<>();
    private final Set<String> maps = new TreeSet<>();

    /** A type with its arguments; a record is another one as part of a sealed interface, since it has a tag there. */
    private record Key(
            Class<?> type, List<Shape> arguments, @Nullable Class<?> of) {}

    /** The places of maps, which strict schemas cannot have. */
    List<String> maps() {
        return List.copyOf(maps);
    }

    /**
     * The shape of this class.
     *
     * @throws IllegalArgumentException if it has none, or something in it
     */
    Shape shape(Class<?> type) {
        return shape(type, List.of(), type.getSimpleName());
    }

    /** The shape of a list of these. */
    Shape listOf(Class<?> type) {
        return new ListShape(shape(type), TypeReader::list);
    }

    /**
     * The shape of the arguments of this method, read as an array of objects.
     *
     * @param name how the method is called in complaints
     * @throws IllegalArgumentException if a parameter has no name, or no schema
     */
    ObjectShape arguments(Method method, String name) {
        ObjectShape shape = new ObjectShape(name, null, null, (values, path) -> values);
        List<Member> members = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            Name named = parameter.getAnnotation(Name.class);
            if (named == null && !parameter.isNamePresent()) {
                throw new IllegalArgumentException("Parameter " + (members.size() + 1) + " of " + name
                        + " has no name in the class file; compile with -parameters, or annotate it with @Name(\"…\")");
            }
            String memberName = named == null ? parameter.getName() : named.value();
            Shape type = shape(parameter.getAnnotatedType(), Map.of(), name + "." + memberName);
            if (hasNullable(parameter)) {
                type = nullable(type, parameter.getType(), name + "." + memberName);
            }
            members.add(member(memberName, parameter, type, name));
        }
        shape.members(distinct(members, name));
        return shape;
    }

    private Shape shape(AnnotatedType type, Map<TypeVariable<?>, Shape> bound, String where) {
        Shape shape = bare(type, bound, where);
        return hasNullable(type) ? nullable(shape, type.getType(), where) : shape;
    }

    private static Shape nullable(Shape shape, Type type, String where) {
        if (type instanceof Class<?> primitive && primitive.isPrimitive()) {
            String wrapper =
                    MethodType.methodType(primitive).wrap().returnType().getSimpleName();
            throw none(where, primitive + " cannot be null; use " + wrapper + " or Optional");
        }
        return shape instanceof OptionalShape ? shape : new OptionalShape(shape, OptionalShape.Kind.REFERENCE);
    }

    private Shape bare(AnnotatedType type, Map<TypeVariable<?>, Shape> bound, String where) {
        if (type instanceof AnnotatedTypeVariable && type.getType() instanceof TypeVariable<?> variable) {
            Shape shape = bound.get(variable);
            if (shape == null) {
                throw none(where, "it is not known what " + variable + " is");
            }
            return shape;
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return shape(wildcard.getAnnotatedUpperBounds()[0], bound, where);
        }
        if (type instanceof AnnotatedArrayType array) {
            Shape items = shape(array.getAnnotatedGenericComponentType(), bound, where + "[]");
            Class<?> component = erased(array.getAnnotatedGenericComponentType().getType(), where);
            return new ListShape(items, values -> array(component, values));
        }
        List<Shape> arguments = new ArrayList<>();
        Class<?> raw = erased(type.getType(), where);
        if (type instanceof AnnotatedParameterizedType parameterized) {
            for (AnnotatedType argument : parameterized.getAnnotatedActualTypeArguments()) {
                arguments.add(shape(argument, bound, raw.isRecord() ? where : where + "[]"));
            }
        }
        return shape(raw, arguments, where);
    }

    private static Class<?> erased(Type type, String where) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized) {
            return erased(parameterized.getRawType(), where);
        }
        if (type instanceof GenericArrayType array) {
            return erased(array.getGenericComponentType(), where).arrayType();
        }
        throw none(where, "an array of " + type.getTypeName() + " cannot be made; use a List");
    }

    private static Object list(List<@Nullable Object> values) {
        return Collections.unmodifiableList(new ArrayList<>(values));
    }

    private static Object set(List<@Nullable Object> values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    private static Object array(Class<?> component, List<@Nullable Object> values) {
        Object array = Array.newInstance(component, values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(array, i, values.get(i));
        }
        return array;
    }

    private Shape shape(Class<?> type, List<Shape> arguments, String where) {
        ScalarShape scalar = ScalarShape.of(type);
        if (scalar != null) {
            return scalar;
        }
        OptionalShape optional = OptionalShape.of(type);
        if (optional != null) {
            return optional;
        }
        if (type.isArray()) {
            Class<?> component = type.getComponentType();
            return new ListShape(shape(component, List.of(), where + "[]"), values -> array(component, values));
        }
        if (type.isEnum()) {
            return enumShape(type, where);
        }
        if (arguments.size() != type.getTypeParameters().length) {
            throw none(
                    where,
                    type.getSimpleName() + " stands here without its type arguments"
                            + (where.equals(type.getSimpleName()) ? "; wrap it in a record" : "; write them"));
        }
        if (type == Optional.class) {
            if (arguments.get(0) instanceof OptionalShape) {
                throw none(where, "an Optional in an Optional cannot be told apart; use one");
            }
            return new OptionalShape(arguments.get(0), OptionalShape.Kind.OPTIONAL);
        }
        if (type == List.class || type == Collection.class || type == Iterable.class) {
            return new ListShape(arguments.get(0), TypeReader::list);
        }
        if (type == Set.class) {
            return new ListShape(arguments.get(0), TypeReader::set);
        }
        if (type == Map.class) {
            if (!arguments.get(0).equals(ScalarShape.of(String.class))) {
                throw none(where, "the keys of a map must be String");
            }
            maps.add(where);
            return new MapShape(arguments.get(1));
        }
        if (type.isRecord()) {
            return object(type, arguments, null, null, where);
        }
        if (type.isSealed() && type.isInterface()) {
            return sealed(type, where);
        }
        throw none(where, type.getName() + " is of no kind that has one" + REMEDY);
    }

    private static EnumShape enumShape(Class<?> type, String where) {
        Map<String, Object> constants = new LinkedHashMap<>();
        StringBuilder meanings = new StringBuilder(described(type) == null ? "" : described(type));
        for (Object constant : type.getEnumConstants()) {
            Field field = field(type, ((Enum<?>) constant).name());
            String name = name(field, field, field.getName());
            if (constants.put(name, constant) != null) {
                throw none(
                        where, "two constants of " + type.getSimpleName() + " are called '" + name + "'; rename one");
            }
            String meaning = described(field);
            if (meaning != null) {
                meanings.append(meanings.isEmpty() ? "" : "; ")
                        .append(name)
                        .append(": ")
                        .append(meaning);
            }
        }
        if (constants.isEmpty()) {
            throw none(where, type.getSimpleName() + " has no constants");
        }
        return new EnumShape(meanings.isEmpty() ? null : meanings.toString(), constants);
    }

    private ObjectShape object(
            Class<?> type,
            List<Shape> arguments,
            ObjectShape.@Nullable Tag tag,
            @Nullable Class<?> sealedBy,
            String where) {
        Key key = new Key(type, arguments, sealedBy);
        if (shapes.get(key) instanceof ObjectShape known) {
            if (open.contains(key)) {
                known.foundInItself();
            }
            return known;
        }
        RecordComponent[] components = type.getRecordComponents();
        ObjectShape shape = new ObjectShape(
                schemaName(type), described(type), tag, maker(constructor(type, components), type.getSimpleName()));
        enter(key, shape, where);
        Map<TypeVariable<?>, Shape> bound = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            bound.put(type.getTypeParameters()[i], arguments.get(i));
        }
        List<Member> members = new ArrayList<>();
        for (RecordComponent component : components) {
            String place = type.getSimpleName() + "." + component.getName();
            Shape value = shape(component.getAnnotatedType(), bound, place);
            if (hasNullable(component) || hasNullable(component.getAccessor())) {
                value = nullable(value, component.getType(), place);
            }
            String name = name(component, field(type, component.getName()), component.getName());
            if (tag != null && name.equals(tag.member())) {
                throw none(place, "the name '" + name + "' is taken by the member that tells the record");
            }
            members.add(member(name, component, value, type.getSimpleName()));
        }
        shape.members(distinct(members, type.getSimpleName()));
        open.remove(key);
        return shape;
    }

    private static Member member(String name, AnnotatedElement element, Shape shape, String where) {
        if (name.isBlank()) {
            throw none(where, "one of its names is blank; give @Name a value");
        }
        return new Member(name, described(element), shape);
    }

    private static List<Member> distinct(List<Member> members, String where) {
        Set<String> names = new LinkedHashSet<>();
        for (Member member : members) {
            if (!names.add(member.name())) {
                throw none(where, "it has two members called '" + member.name() + "'; rename one");
            }
        }
        return members;
    }

    private SealedShape sealed(Class<?> type, String where) {
        Key key = new Key(type, List.of(), null);
        if (shapes.get(key) instanceof SealedShape known) {
            if (open.contains(key)) {
                known.foundInItself();
            }
            return known;
        }
        List<Class<?>> records = records(type, where);
        String tag = TAGS.stream()
                .filter(name -> records.stream().noneMatch(each -> hasMember(each, name)))
                .findFirst()
                .orElseThrow(() -> none(
                        where,
                        "its records take all of the names " + TAGS
                                + ", one of which must tell the record; rename a component"));
        SealedShape shape = new SealedShape(schemaName(type), described(type), tag);
        enter(key, shape, where);
        Map<String, ObjectShape> variants = new LinkedHashMap<>();
        for (Class<?> each : records) {
            Name named = each.getAnnotation(Name.class);
            String name = named == null ? each.getSimpleName() : named.value();
            ObjectShape variant = object(each, List.of(), new ObjectShape.Tag(tag, name), type, where);
            if (variants.put(name, variant) != null) {
                throw none(where, "two of its records are called '" + name + "'; tell them apart by @Name");
            }
        }
        shape.variants(variants);
        open.remove(key);
        return shape;
    }

    private static boolean hasMember(Class<?> type, String name) {
        return Stream.of(type.getRecordComponents())
                .anyMatch(component ->
                        name.equals(name(component, field(type, component.getName()), component.getName())));
    }

    /** The records that implement the interface, those of its sealed parts included, in the order of {@code permits}. */
    private static List<Class<?>> records(Class<?> type, String where) {
        List<Class<?>> records = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isSealed() && permitted.isInterface()) {
                records.addAll(records(permitted, where));
            } else if (permitted.isRecord() && permitted.getTypeParameters().length == 0) {
                records.add(permitted);
            } else {
                throw none(
                        where,
                        type.getSimpleName() + " permits " + permitted.getSimpleName()
                                + ", which is no record without type parameters");
            }
        }
        return records.stream().distinct().toList();
    }

    private void enter(Key key, Shape shape, String where) {
        if (open.size() > TOO_DEEP) {
            throw none(where, "its type arguments grow without end");
        }
        shapes.put(key, shape);
        open.add(key);
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        Class<?>[] parameters =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            open(constructor, type);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type.getName() + " is a record without its constructor", e);
        }
    }

    /**
     * Sees to it that this library may call it.
     *
     * @throws IllegalArgumentException if the user's module does not let it
     */
    static void open(AccessibleObject member, Class<?> type) {
        if (!member.trySetAccessible()) {
            throw new IllegalArgumentException("The module " + type.getModule().getName() + " does not let "
                    + type.getName() + " be used; add 'opens " + type.getPackageName()
                    + " to dev.portolan.typed;' to its module-info.java");
        }
    }

    private static ObjectShape.Maker maker(Constructor<?> constructor, String name) {
        return (values, path) -> {
            try {
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException refusal) {
                    String said =
                            refusal.getMessage() == null ? refusal.getClass().getSimpleName() : refusal.getMessage();
                    String found = "others: " + said;
                    throw new Misread(new Misfit(path, "values that " + name + " accepts", found), found, refusal);
                }
                throw new IllegalStateException("The constructor of " + name + " failed", e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("The constructor of " + name + " cannot be called", e);
            }
        };
    }

    private static Field field(Class<?> type, String name) {
        try {
            return type.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(type.getName() + " lacks a field of its own", e);
        }
    }

    /** The name in JSON of a component or constant. */
    static String name(AnnotatedElement element, Field field, String javaName) {
        Name named = element.getAnnotation(Name.class);
        if (named != null) {
            return named.value();
        }
        Json json = field.getAnnotation(Json.class);
        return json == null || json.name().equals(Json.UNSET_NAME) ? javaName : json.name();
    }

    private static @Nullable String described(AnnotatedElement element) {
        Description description = element.getAnnotation(Description.class);
        return description == null ? null : description.value();
    }

    /** Any library's annotation will do. */
    private static boolean hasNullable(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    /** Schemas and definitions are named in ASCII. */
    static String schemaName(Class<?> type) {
        String name = type.getSimpleName().replaceAll("[^A-Za-z0-9_-]", "_");
        return name.length() <= 50 ? name : name.substring(0, 50);
    }

    private static IllegalArgumentException none(String where, String problem) {
        return new IllegalArgumentException("No JSON schema for " + where + ": " + problem);
    }
}
