package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.BillEntry.Outcome;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerBroken;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.Ending;
import dev.portolan.testkit.simulator.state.Ledger;
import java.io.IOException;
import java.util.Arrays;
import okio.ByteString;

/** The answer stops at a place: cleanly, cut, reset or in silence. */
public record WireBreak(Position position, Ending ending) implements Effect.Transfer {
    @Override
    public Answer transfer(Answer answer, Ledger ledger) {
        if (position instanceof Position.BeforeHeaders) {
            return Bodies.heldBack(answer, ledger, line -> {
                if (ending != Ending.STALL) { // whose client hangs up, which is another thing
                    ledger.restate(answer.generationId(), Outcome.CUT);
                }
                ending.of(line);
            });
        }
        Position place = position instanceof Position.AfterEvents events ? events.in(answer) : position;
        if (ending == Ending.COMPLETE
                && place instanceof Position.AtByte at
                && answer.body() instanceof Answer.Whole whole) {
            return shortened(answer, whole.bytes(), at.count(), ledger);
        }
        boolean promised = answer.body() instanceof Answer.Streamed streamed && streamed.length() != null;
        Ending last = promised && ending == Ending.COMPLETE ? Ending.DISCONNECT : ending;
        return Bodies.through(answer, ledger, client -> new Gate(client, place, last));
    }

    /** With the right length for what is left, or the client would wait for more. */
    private static Answer shortened(Answer answer, ByteString bytes, long count, Ledger ledger) {
        if (count >= bytes.size()) {
            return answer;
        }
        ledger.restate(answer.generationId(), Outcome.CUT);
        return answer.body(new Answer.Whole(bytes.substring(0, (int) count)));
    }

    private static final class Gate extends Bodies.PieceFilter {
        private final Position place;
        private final Ending ending;
        private long bytes;
        private long events;

        Gate(AnswerStream client, Position place, Ending ending) {
            super(client);
            this.place = place;
            this.ending = ending;
        }

        @Override
        public void send(byte[] piece) throws IOException {
            int open = open(piece);
            if (open < piece.length) {
                stop(Arrays.copyOf(piece, open));
                return;
            }
            bytes += piece.length;
            events += Bodies.isEvent(piece) ? 1 : 0;
            client.send(piece);
        }

        private int open(byte[] piece) {
            if (place instanceof Position.AtByte at) {
                return (int) Math.min(piece.length, at.count() - bytes);
            }
            boolean passes =
                    !Bodies.isEvent(piece) || (place instanceof Position.AfterEvents after && events < after.count());
            return passes ? piece.length : 0;
        }

        private void stop(byte[] head) throws IOException {
            if (ending == Ending.STALL) {
                client.send(head);
                client.stall(); // until the client leaves, which the endpoint must learn as such
                return;
            }
            throw new AnswerBroken(this, false, out -> {
                out.send(head);
                ending.of(out);
            });
        }
    }
}
