package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.SimulatorRequest;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.state.Ledger;

/** What one fault does. */
public sealed interface Effect {
    /** Answers instead of the simulator, which is not asked and charges nothing. */
    non-sealed interface Replacement extends Effect {
        Answer answer(SimulatorRequest request);
    }

    /** Changes what an answer says. */
    non-sealed interface Rewording extends Effect {
        Answer reword(Answer answer, Ledger ledger);
    }

    /** Changes how an answer is sent. Comes after all that changes what it says. */
    non-sealed interface Transfer extends Effect {
        Answer transfer(Answer answer, Ledger ledger);
    }
}
