package dev.portolan.transport.retrofit;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.transport.retrofit.json.Lenient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chat replies of a server that speaks a language of its own, whole ones and streamed ones by the same code. A
 * subclass says what each member of the server's JSON objects means, and puts it into {@link #reply}; this sees to the rest:
 * errors, ends that are none, what had arrived, and closing.
 *
 * <pre>{@code
 * final class AcmeReply extends ChatDecoder {
 *     AcmeReply(Answer answer) {
 *         super(answer);
 *     }
 *
 *     protected void member(String name, JsonReader reader) throws IOException {
 *         switch (name) {
 *             case "text" -> reply.text(0, Lenient.text(reader)); // many servers write null where there is nothing
 *             case "reason" -> reply.finishReason(0, Lenient.text(reader));
 *             default -> reader.skipValue();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A member {@code error} of any form is an exception, as {@link Answer#error} makes it. A reply must have a finish reason.
 * One for each answer; used by one thread.
 */
public abstract class ChatDecoder implements JsonEventStream.Decoder<ChatEvent, ChatResponse> {
    /** What has been read. */
    protected final ChatAssembler reply = new ChatAssembler();

    private final Answer answer;

    /** For the answer that is to be read. */
    protected ChatDecoder(Answer answer) {
        this.answer = answer;
    }

    /**
     * Reads the value of one member of an object: of the whole answer, or of one event of a stream.
     *
     * @param name the member's name; not {@code error}
     * @param reader stands before the value, which must be read or skipped
     */
    protected abstract void member(String name, JsonReader reader) throws IOException;

    /**
     * Reads the answer as one object, and closes it.
     *
     * @throws PortolanException if it is none, carries an error, or is not complete
     */
    public final ChatResponse whole() {
        try (answer) {
            return answer.json(reader -> {
                decode(reader);
                return finish();
            });
        }
    }

    /** Reads the answer as a stream of events, each with one object. It closes the answer. */
    public final ChatStream stream() {
        return new Stream(answer, this);
    }

    private static final class Stream extends JsonEventStream<ChatEvent, ChatResponse> implements ChatStream {
        Stream(Answer answer, ChatDecoder decoder) {
            super(answer, decoder);
        }
    }

    @Override
    public final void decode(JsonReader reader) throws IOException {
        RawJson error = null;
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (!name.equals("error")) {
                member(name, reader);
            } else {
                RawJson found = Lenient.error(reader);
                error = found == null ? error : found;
            }
        }
        reader.endObject();
        if (error != null) {
            throw answer.error(error, reply.id(), partial());
        }
        reply.start();
    }

    @Override
    public final @Nullable ChatEvent poll() {
        return reply.poll();
    }

    @Override
    public final ChatResponse finish() {
        if (reply.hasFinishReason()) {
            return reply.finish();
        }
        throw answer.isEventStream()
                ? answer.broken("it ended without a finish reason", null, reply.id(), partial())
                : answer.malformed("without a finish reason", reply.id(), partial());
    }

    @Override
    public final @Nullable ChatResponse partial() {
        return reply.hasContent() ? reply.snapshot() : null;
    }

    @Override
    public final @Nullable String generationId() {
        return reply.id();
    }
}
