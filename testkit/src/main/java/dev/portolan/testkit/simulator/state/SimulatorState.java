package dev.portolan.testkit.simulator.state;

import dev.portolan.testkit.simulator.catalog.SimulatedCatalog;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.routing.ModelRouting;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import java.time.Clock;
import java.time.Duration;

/** What all endpoints of one simulator share. */
public record SimulatorState(
        Clock clock,
        Duration chunkDelay,
        SimulatedCatalog catalog,
        ModelRouting routing,
        GenerationIds ids,
        Ledger ledger) {
    public Generation begin(String apiType, RoutedModel routed, ReceivedRequest request) {
        return Generation.of(request.generationId(), clock.instant(), apiType, routed, request);
    }
}
