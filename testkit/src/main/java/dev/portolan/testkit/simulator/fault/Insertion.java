package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.state.Ledger;
import java.io.IOException;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * An event too much, in a stream that goes on after it.
 *
 * @param padding how many characters long; 0 for one that is no JSON
 * @param events how many events come before it
 */
public record Insertion(int padding, long events) implements Effect.Rewording {
    private static final String GARBAGE = "{\"id\":\"gen-\u0000\uFFFD,,]";

    public Insertion {
        if (padding < 0 || events < 0) {
            throw new IllegalArgumentException(
                    "bytes and events must not be negative but are " + padding + " and " + events);
        }
    }

    @Override
    public Answer reword(Answer answer, Ledger ledger) {
        if (answer.isEventStream()) {
            return Bodies.through(answer, ledger, Filter::new);
        }
        if (!(answer.body() instanceof Answer.Whole whole)) {
            return answer;
        }
        Buffer body = new Buffer();
        if (padding > 0) {
            body.writeUtf8(" ".repeat(padding)).write(whole.bytes());
        } else {
            int middle = whole.bytes().size() / 2;
            body.write(whole.bytes().substring(0, middle))
                    .writeUtf8(GARBAGE)
                    .write(whole.bytes().substring(middle));
        }
        ByteString bytes = body.readByteString();
        return answer.body(new Answer.Whole(bytes));
    }

    private final class Filter extends Bodies.PieceFilter {
        private long seen;

        Filter(AnswerStream client) {
            super(client);
        }

        @Override
        public void send(byte[] piece) throws IOException {
            if (Bodies.isEvent(piece)) {
                if (seen == events) {
                    client.send(
                            padding == 0 ? Bodies.bytes("data: " + GARBAGE + "\n\n") : longEvent(Bodies.json(piece)));
                }
                seen++;
            }
            client.send(piece);
        }

        /** Says nothing, so that a client that can read it has the whole answer in the end. */
        private byte[] longEvent(@Nullable JsonObject next) {
            JsonObject event = new JsonObject();
            if (next != null && Rewrite.isChat(next)) {
                event = next.without("usage").put("choices", new JsonArray());
            }
            return Bodies.event(event.put("padding", "x".repeat(padding)));
        }
    }
}
