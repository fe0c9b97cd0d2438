package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.state.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** The body comes a few bytes at a time, with a pause before each lot but the first. */
public record Drip(int bytes, Duration pause) implements Effect.Transfer {
    public Drip {
        if (bytes < 1) {
            throw new IllegalArgumentException("a drip must have at least 1 byte but has " + bytes);
        }
    }

    @Override
    public Answer transfer(Answer answer, Ledger ledger) {
        return Bodies.through(answer, ledger, Tap::new);
    }

    private final class Tap extends Bodies.PieceFilter {
        private boolean begun;

        Tap(AnswerStream client) {
            super(client);
        }

        @Override
        public void send(byte[] piece) throws IOException {
            for (int at = 0; at < piece.length; at += bytes) {
                if (begun) {
                    client.pause(pause);
                }
                begun = true;
                client.send(Arrays.copyOfRange(piece, at, Math.min(piece.length, at + bytes)));
            }
        }
    }
}
