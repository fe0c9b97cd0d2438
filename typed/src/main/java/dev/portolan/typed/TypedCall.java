package dev.portolan.typed;

import dev.portolan.api.Attempt;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.UnusableReplyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One value that is asked for: the request, and once more if the first reply did not fit. Used by one thread. */
final class TypedCall<T> {
    private final TypeSchema<T> schema;
    private final boolean repairing;
    private ChatRequest request;
    private @Nullable UnusableReplyException first;

    TypedCall(ChatRequest request, TypeSchema<T> schema, boolean repairing) {
        this.schema = schema;
        this.repairing = repairing;
        this.request = asking(request, schema);
    }

    /** The request with the schema as its form, unless it has another. */
    static ChatRequest asking(ChatRequest request, TypeSchema<?> schema) {
        return request.responseFormat() == null
                ? request.toBuilder().responseFormat(schema.responseFormat()).build()
                : request;
    }

    /** What to ask next. */
    ChatRequest request() {
        return request;
    }

    /** Asks, and counts an earlier reply in if that fails. */
    <R> R run(Supplier<R> work) {
        try {
            return work.get();
        } catch (PortolanException e) {
            throw counted(e);
        }
    }

    /**
     * The value in the reply.
     *
     * @return {@code null} if there is another request to make
     */
    @Nullable TypedResponse<T> read(ChatResponse reply) {
        ReplyReading<T> reading = ReplyReading.of(reply, schema, request.model());
        UnusableReplyException failure = reading.failure();
        if (failure == null) {
            return new TypedResponse<>(reading.orThrow(), reply, first == null ? List.of() : List.of(first));
        }
        if (!repairing || first != null || reading.complaint() == null) {
            throw counted(failure);
        }
        first = failure;
        request = reading.repair(request, reply, schema);
        return null;
    }

    private PortolanException counted(PortolanException last) {
        if (first == null) {
            return last;
        }
        List<Attempt> attempts = new ArrayList<>();
        attempts.add(new Attempt(request.model(), Duration.ZERO, first));
        if (last.attempts().isEmpty()) {
            attempts.add(new Attempt(request.model(), Duration.ZERO, last));
        }
        attempts.addAll(last.attempts());
        return last.withAttempts(attempts);
    }
}
