package dev.portolan.typed;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Tool;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may call, and what it does. Immutable; as thread-safe as what it does.
 *
 * <pre>{@code
 * record City(@Description("its name, without the country") String city) {}
 *
 * TypedTool weather = TypedTool.of("get_weather", "The weather in a city, now", City.class,
 *         city -> forecasts.now(city.city()));
 * }</pre>
 */
public final class TypedTool {
    private final Tool.Function definition;
    private final ObjectShape arguments;
    private final ToolBody<Object> body;

    private TypedTool(Tool.Function definition, ObjectShape arguments, ToolBody<Object> body) {
        this.definition = definition;
        this.arguments = arguments;
        this.body = body;
    }

    /**
     * A tool whose arguments are a record.
     *
     * @param name at most 64 of {@code A-Z a-z 0-9 _ -}
     * @param description what it does and when to use it, for the model
     * @param arguments the record; one without components for a tool without arguments
     * @param body what it does
     * @throws IllegalArgumentException if the name is not valid, or there is no schema for the record
     */
    public static <A extends Record> TypedTool of(
            String name, String description, Class<A> arguments, ToolBody<? super A> body) {
        TypeReader reader = new TypeReader();
        if (!(reader.shape(arguments) instanceof ObjectShape shape)) {
            throw new IllegalArgumentException(
                    "The arguments of '" + name + "' must be one record class, found " + arguments.getName());
        }
        return of(name, description, shape, reader, value -> body.call(arguments.cast(value)));
    }

    /**
     * The methods of an object that are marked with {@link ToolFunction}, by name; also those that are marked in a class above or in an
     * interface, whatever overrides them. Parameters are named as in Java if the class was compiled with {@code -parameters}, else
     * by {@link Name}.
     *
     * @throws IllegalArgumentException if there is none, two have one name, a parameter has no name or there is no schema for it, or
     *     a method returns what no model can be told; the message says which and what to do
     */
    public static List<TypedTool> methodsOf(Object object) {
        Map<String, TypedTool> tools = new LinkedHashMap<>();
        // In the order of their names: reflection has none, and a prompt that changes is not cached.
        methods(object.getClass()).stream()
                .map(method -> method(object, method))
                .sorted(Comparator.comparing(TypedTool::name))
                .forEach(tool -> {
                    if (tools.put(tool.name(), tool) != null) {
                        throw new IllegalArgumentException(
                                "Two tools of " + object.getClass().getName() + " are called '" + tool.name()
                                        + "'; give one a name by @ToolFunction(name = \"…\")");
                    }
                });
        if (tools.isEmpty()) {
            throw new IllegalArgumentException(object.getClass().getName()
                    + " has no method for a model to call; annotate it with @ToolFunction(\"…\")");
        }
        return List.copyOf(tools.values());
    }

    private record Signature(String name, List<Class<?>> parameters) {
        Signature(Method method) {
            this(method.getName(), List.of(method.getParameterTypes()));
        }
    }

    /** The methods that are marked, without those that others override. */
    private static List<Method> methods(Class<?> type) {
        List<Method> methods = new ArrayList<>();
        Set<Signature> seen = new HashSet<>();
        for (Class<?> each : lineage(type)) {
            Stream.of(each.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(ToolFunction.class))
                    .filter(method -> !each.isInterface() || !Modifier.isStatic(method.getModifiers()))
                    // The compiler marks bridges too; they override what is above, and are no tools.
                    .sorted(Comparator.comparing(Method::isBridge))
                    .filter(method -> seen.add(new Signature(method)) && !method.isBridge())
                    .forEach(methods::add);
        }
        return methods;
    }

    /** The class, those above it, and the interfaces of all of them. */
    private static Set<Class<?>> lineage(Class<?> type) {
        Set<Class<?>> lineage = new LinkedHashSet<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            lineage.add(each);
        }
        List.copyOf(lineage).forEach(each -> addInterfaces(each, lineage));
        return lineage;
    }

    private static void addInterfaces(Class<?> of, Set<Class<?>> lineage) {
        for (Class<?> each : of.getInterfaces()) {
            if (lineage.add(each)) {
                addInterfaces(each, lineage);
            }
        }
    }

    private static TypedTool method(Object object, Method method) {
        Class<?> declaring = method.getDeclaringClass();
        ToolFunction marked = method.getAnnotation(ToolFunction.class);
        String name = marked.name().isEmpty() ? method.getName() : marked.name();
        TypeReader reader = new TypeReader();
        String where = declaring.getSimpleName() + "." + method.getName();
        ObjectShape shape = reader.arguments(method, where);
        ResultText.check(method.getReturnType(), where);
        TypeReader.open(method, declaring);
        Object target = Modifier.isStatic(method.getModifiers()) ? null : object;
        return of(name, marked.value(), shape, reader, values -> {
            try {
                Object result = method.invoke(target, (@Nullable Object[]) values);
                return method.getReturnType() == void.class ? "done" : result;
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception thrown) {
                    throw thrown;
                }
                throw (Error) e.getCause();
            }
        });
    }

    private static TypedTool of(
            String name, String description, ObjectShape shape, TypeReader reader, ToolBody<Object> body) {
        Definitions definitions = new Definitions();
        RawJson schema = RawJson.of(definitions.addTo(shape.body(definitions)));
        Tool.Function function = Tool.function(name, description, schema);
        return new TypedTool(reader.maps().isEmpty() ? function.withStrict(true) : function, shape, body);
    }

    /** The name by which the model calls it. */
    public String name() {
        return definition.name();
    }

    /**
     * What the model is told of it, for a {@link dev.portolan.api.chat.ChatRequest}. Strict unless the arguments have a map, which
     * strict schemas cannot have.
     */
    public Tool.Function definition() {
        return definition;
    }

    /** The same, with arguments that the provider must hold to the schema, or need not. They are checked here in any case. */
    public TypedTool withStrict(boolean strict) {
        return new TypedTool(definition.withStrict(strict), arguments, body);
    }

    /**
     * Reads the arguments.
     *
     * @throws Misread if they do not fit
     */
    Object read(String json) {
        String found = JsonText.in(json, false);
        if (found == null) {
            throw new Misread("$", "a JSON object", "text that is not JSON");
        }
        return TypeSchema.read(arguments, found);
    }

    /** Does it; {@link ResultText} writes the result for the model. */
    @Nullable Object call(Object values) throws Exception {
        return body.call(values);
    }

    /** The name. */
    @Override
    public String toString() {
        return "TypedTool[" + name() + "]";
    }
}
