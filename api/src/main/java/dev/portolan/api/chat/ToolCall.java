package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.Map;
import java.util.Objects;

/**
 * A function that the model wants called. Answer it with {@link Message#tool(String, String)}.
 *
 * @param id by which the answer refers to the call; made up by this library where the provider sent none
 * @param name the function's name
 * @param arguments JSON text, as the model wrote it: usually an object, and not checked against the function's schema; a
 *     call without arguments has <code>{}</code>
 * @param extras further members by their name on the wire, such as thought signatures
 */
public record ToolCall(String id, String name, String arguments, Map<String, RawJson> extras) {
    /** Reads blank arguments as an empty object. */
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        arguments = arguments.isBlank() ? "{}" : arguments;
        extras = Contents.orderedCopy(extras);
    }

    /** A call without further members. */
    public ToolCall(String id, String name, String arguments) {
        this(id, name, arguments, Map.of());
    }
}
