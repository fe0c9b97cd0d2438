package dev.portolan.api.spi;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream of an answer that is there already: of a server that answers a streaming request in one piece, of a cache, of
 * a fake.
 */
public final class ReplayedStream implements ChatStream {
    private final Supplier<@Nullable ChatEvent> events;
    private final ChatResponse response;
    private boolean finished;
    private @Nullable CallCancelledException cancelled;
    private volatile boolean closed;

    private ReplayedStream(Supplier<@Nullable ChatEvent> events, ChatResponse response) {
        this.events = events;
        this.response = response;
    }

    /** Takes an assembler that the whole answer has gone into, and finishes it. */
    public static ChatStream of(ChatAssembler assembler) {
        return new ReplayedStream(assembler::poll, assembler.finish());
    }

    /** Takes a whole answer; each of its parts comes in one piece. */
    public static ChatStream of(ChatResponse response) {
        return new ReplayedStream(WholeReply.events(response)::poll, response);
    }

    @Override
    public @Nullable ChatEvent next() {
        if (finished) {
            return null;
        }
        if (closed) {
            throw cancelled();
        }
        ChatEvent event = events.get();
        finished = event instanceof ChatEvent.ResponseFinished;
        return event;
    }

    /** The same each time. All of the answer had arrived, and is charged. */
    private CallCancelledException cancelled() {
        CallCancelledException known = cancelled;
        if (known == null) {
            known = new CallCancelledException(
                    "The stream was closed before its end",
                    ErrorDetails.NONE.withGenerationId(response.id()).withPartial(response));
            cancelled = known;
        }
        return known;
    }

    @Override
    public ChatResponse response() {
        while (!finished) {
            next();
        }
        return response;
    }

    @Override
    public List<String> generationIds() {
        return response.id() == null ? List.of() : List.of(response.id());
    }

    @Override
    public void close() {
        closed = true;
    }
}
