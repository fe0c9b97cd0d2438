package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.state.Ledger;

/** A header is set, or replaced. */
public record HeaderChange(String name, String value) implements Effect.Transfer {
    @Override
    public Answer transfer(Answer answer, Ledger ledger) {
        return answer.header(name, value);
    }
}
