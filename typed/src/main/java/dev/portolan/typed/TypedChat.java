package dev.portolan.typed;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import java.util.Objects;

/**
 * Asks for Java values instead of text, through any {@link ChatPort}. Thread-safe if the port is.
 *
 * <pre>{@code
 * TypedChat chat = TypedChat.over(portolan.chat());
 * Harbour harbour = chat.complete(request, Harbour.class).value();
 * }</pre>
 *
 * <p>The request gets the schema of the type as its response format, unless it has a format already: then say in the prompt what
 * is wanted. A reply that does not fit is sent back once, with what is wrong with it; if the next does not fit either, or
 * cannot be had, the exception counts the cost of both and has both in {@code attempts()}. Checks in a record's constructor are part
 * of that: what it throws is told to the model.
 */
public final class TypedChat {
    private final ChatPort port;
    private final boolean repairing;

    private TypedChat(ChatPort port, boolean repairing) {
        this.port = Objects.requireNonNull(port, "port");
        this.repairing = repairing;
    }

    /** Asks through this port. */
    public static TypedChat over(ChatPort port) {
        return new TypedChat(port, true);
    }

    /** The same, but a reply that does not fit is a failure at once. */
    public TypedChat withoutRepair() {
        return new TypedChat(port, false);
    }

    /**
     * Sends a request and waits for the value.
     *
     * @param type a record, or whatever {@link TypeSchema#of} takes
     * @throws IllegalArgumentException if there is no schema for the type
     * @throws dev.portolan.api.error.UnusableReplyException if the model refused, was cut, or gave what does not fit
     * @throws dev.portolan.api.error.PortolanException if there is no reply
     */
    public <T> TypedResponse<T> complete(ChatRequest request, Class<T> type) {
        return complete(request, TypeSchema.of(type));
    }

    /**
     * Sends a request and waits for the value; for lists of records, {@link TypeSchema#listOf}.
     *
     * @throws dev.portolan.api.error.UnusableReplyException if the model refused, was cut, or gave what does not fit
     * @throws dev.portolan.api.error.PortolanException if there is no reply
     */
    public <T> TypedResponse<T> complete(ChatRequest request, TypeSchema<T> schema) {
        TypedCall<T> call = new TypedCall<>(request, schema, repairing);
        TypedResponse<T> value = null;
        while (value == null) {
            value = call.read(call.run(() -> port.complete(call.request())));
        }
        return value;
    }

    /**
     * Sends a request and returns when the answer begins.
     *
     * @param type a record, or whatever {@link TypeSchema#of} takes
     * @return the answer as it comes; must be closed
     * @throws IllegalArgumentException if there is no schema for the type
     * @throws dev.portolan.api.error.PortolanException if the request was refused before the answer began
     */
    public <T> TypedStream<T> stream(ChatRequest request, Class<T> type) {
        return stream(request, TypeSchema.of(type));
    }

    /**
     * Sends a request and returns when the answer begins.
     *
     * @return the answer as it comes; must be closed
     * @throws dev.portolan.api.error.PortolanException if the request was refused before the answer began
     */
    public <T> TypedStream<T> stream(ChatRequest request, TypeSchema<T> schema) {
        return new TypedStream<>(port, new TypedCall<>(request, schema, repairing));
    }
}
