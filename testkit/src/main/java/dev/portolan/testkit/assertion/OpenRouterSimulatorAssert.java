package dev.portolan.testkit.assertion;

import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.math.BigDecimal;
import java.util.List;

/** Assertions about what an {@link OpenRouterSimulator} was asked, and what it charged. */
public final class OpenRouterSimulatorAssert
        extends AbstractReceiverAssert<
                OpenRouterSimulatorAssert, OpenRouterSimulator, SimulatorRequest, SimulatorRequestAssert> {
    OpenRouterSimulatorAssert(OpenRouterSimulator actual) {
        super(actual, OpenRouterSimulatorAssert.class);
    }

    @Override
    String subject() {
        return "the simulator";
    }

    @Override
    List<SimulatorRequest> all() {
        return actual.requests();
    }

    @Override
    SimulatorRequestAssert about(Series<SimulatorRequest> requests) {
        return new SimulatorRequestAssert(requests.here(), requests);
    }

    /** Verifies what was charged altogether, in US dollars, such as {@code 0.0001}; zeros at the end do not matter. */
    public OpenRouterSimulatorAssert hasTotalCost(String dollars) {
        isNotNull();
        BigDecimal total = actual.bill().total();
        return holds(
                total.compareTo(new BigDecimal(dollars)) == 0,
                "to have charged $" + dollars,
                "it charged $" + total.toPlainString() + ":"
                        + new Series<>("entry", actual.bill().entries(), 0).listed());
    }

    /** Verifies that every fault came that {@code next} has scripted; those of {@code always} and {@code seeded} may stay. */
    public OpenRouterSimulatorAssert usedAllFaults() {
        isNotNull();
        List<String> left = actual.faults().scripted().stream()
                .filter(line -> line.startsWith("next "))
                .toList();
        return holds(left.isEmpty(), "to have used all faults", "these are left:\n  " + String.join("\n  ", left));
    }
}
