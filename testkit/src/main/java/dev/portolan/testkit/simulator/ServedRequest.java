package dev.portolan.testkit.simulator;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A request, and what came of it. Immutable.
 *
 * @param request the request
 * @param status the HTTP status of the answer, even if it never got to the client
 * @param outcome how far the answer got
 * @param fault what the fault desk did to it; empty if nothing
 * @param billed what it was charged; empty if nothing
 * @param time from the whole request to the last byte of the answer, or to the moment when the client was gone
 */
public record ServedRequest(
        SimulatorRequest request,
        int status,
        BillEntry.Outcome outcome,
        Optional<Fault> fault,
        Optional<BillEntry> billed,
        Duration time) {
    /** Checks that nothing is null. */
    public ServedRequest {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(billed, "billed");
        Objects.requireNonNull(time, "time");
    }
}
