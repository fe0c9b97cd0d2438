package dev.portolan.testkit.simulator;

import java.util.Objects;
import java.util.Optional;

/**
 * A fault that a request got. Immutable.
 *
 * @param request the request
 * @param fault what happened to it, all faults joined
 * @param generationId what the simulator had begun to answer, to be found in its {@link Bill}; empty if it refused or was
 *     not asked
 */
public record AppliedFault(SimulatorRequest request, Fault fault, Optional<String> generationId) {
    /** Checks that nothing is null. */
    public AppliedFault {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(generationId, "generationId");
    }
}
