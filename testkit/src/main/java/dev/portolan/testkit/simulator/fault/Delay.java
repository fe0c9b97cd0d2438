package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.state.Ledger;
import java.time.Duration;

/** The answer comes late. */
public record Delay(Duration length) implements Effect.Transfer {
    @Override
    public Answer transfer(Answer answer, Ledger ledger) {
        return Bodies.heldBack(answer, ledger, line -> line.pause(length));
    }
}
