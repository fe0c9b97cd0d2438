package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.BillEntry.Outcome;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerBroken;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.ClientGone;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import dev.portolan.testkit.simulator.state.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ways to look at a body that faults share. */
final class Bodies {
    static final String DONE = "data: [DONE]\n\n";
    private static final String DATA = "data: ";

    private Bodies() {}

    /** Puts a filter before the client: it gets each piece on its way. */
    static Answer through(Answer answer, Ledger ledger, Function<AnswerStream, PieceFilter> filters) {
        Answer.Streamed body = streamed(answer, ledger);
        return answer.body(new Answer.Streamed(
                stream -> {
                    PieceFilter filter = filters.apply(stream);
                    try {
                        body.pieces().writeTo(filter);
                        filter.end();
                    } catch (AnswerBroken broken) {
                        if (!broken.isOf(filter)) {
                            throw broken;
                        }
                        broken.finish(stream);
                    }
                },
                body.length()));
    }

    /** A whole body was billed when it was made, so all that is left to say is how far it got. */
    private static Answer.Streamed streamed(Answer answer, Ledger ledger) {
        if (answer.body() instanceof Answer.Streamed streamed) {
            return streamed;
        }
        byte[] bytes = ((Answer.Whole) answer.body()).bytes().toByteArray();
        return new Answer.Streamed(
                stream -> {
                    try {
                        stream.send(bytes);
                    } catch (ClientGone gone) {
                        ledger.restate(answer.generationId(), Outcome.CANCELLED);
                        throw gone;
                    } catch (AnswerBroken broken) {
                        ledger.restate(answer.generationId(), Outcome.CUT);
                        throw broken;
                    }
                },
                (long) bytes.length);
    }

    /** Lets something happen before the headers. A client that leaves then has paid already if it wanted no stream. */
    static Answer heldBack(Answer answer, Ledger ledger, Answer.Opening opening) {
        return answer.after(line -> {
            try {
                opening.before(line);
            } catch (ClientGone gone) {
                ledger.restate(answer.generationId(), Outcome.CANCELLED);
                throw gone;
            }
        });
    }

    static byte[] event(JsonObject json) {
        return bytes(DATA + json + "\n\n");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it is an event rather than a comment; {@code [DONE]} is one. */
    static boolean isEvent(byte[] piece) {
        return piece.length > 0 && piece[0] == 'd';
    }

    static boolean isDone(byte[] piece) {
        return new String(piece, StandardCharsets.UTF_8).equals(DONE);
    }

    /** The JSON of an event, or null if there is none. */
    static @Nullable JsonObject json(byte[] piece) {
        String text = new String(piece, StandardCharsets.UTF_8);
        return text.startsWith(DATA) ? parsed(text.substring(DATA.length())) : null;
    }

    /** The JSON of a whole answer of status 200, or null if it is none. */
    static @Nullable JsonObject document(Answer answer) {
        return answer.status() == 200 && answer.body() instanceof Answer.Whole whole
                ? parsed(whole.bytes().utf8())
                : null;
    }

    private static @Nullable JsonObject parsed(String text) {
        try {
            return JsonText.parse(text) instanceof JsonObject object ? object : null;
        } catch (IllegalArgumentException noJson) {
            return null;
        }
    }

    /** Passes pieces on, or not. */
    abstract static class PieceFilter implements AnswerStream {
        final AnswerStream client;

        PieceFilter(AnswerStream client) {
            this.client = client;
        }

        /** All pieces have come through. */
        void end() throws IOException {}

        @Override
        public void pause(Duration length) throws IOException {
            client.pause(length);
        }

        @Override
        public void stall() throws IOException {
            client.stall();
        }

        @Override
        public void disconnect() throws IOException {
            client.disconnect();
        }

        @Override
        public void reset() throws IOException {
            client.reset();
        }
    }
}
