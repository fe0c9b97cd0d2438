package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerBroken;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.Ending;
import dev.portolan.testkit.simulator.state.Ledger;
import java.io.IOException;
import java.util.Arrays;

/**
 * The connection ends after the first byte of a character of several. An answer of ASCII alone gets such a byte in the
 * place of its last two, so that it is too short, and a stream before its {@code [DONE]}.
 */
public record SplitCharacter() implements Effect.Transfer {
    private static final byte[] LEAD = {(byte) 0xC3};

    @Override
    public Answer transfer(Answer answer, Ledger ledger) {
        boolean events = answer.isEventStream();
        return Bodies.through(answer, ledger, client -> new Splitter(client, events));
    }

    private static final class Splitter extends Bodies.PieceFilter {
        private final boolean events;

        Splitter(AnswerStream client, boolean events) {
            super(client);
            this.events = events;
        }

        @Override
        public void send(byte[] piece) throws IOException {
            for (int i = 0; i < piece.length; i++) {
                if ((piece[i] & 0xC0) == 0xC0) {
                    throw cut(Arrays.copyOf(piece, i + 1), new byte[0]);
                }
            }
            if (!events) {
                throw cut(Arrays.copyOf(piece, Math.max(0, piece.length - 2)), LEAD);
            }
            if (Bodies.isDone(piece)) {
                throw cut(new byte[0], LEAD);
            }
            client.send(piece);
        }

        private AnswerBroken cut(byte[] head, byte[] tail) {
            return new AnswerBroken(this, false, out -> {
                out.send(head);
                out.send(tail);
                Ending.DISCONNECT.of(out);
            });
        }
    }
}
