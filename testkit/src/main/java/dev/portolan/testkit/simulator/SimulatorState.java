package dev.portolan.testkit.simulator;

import java.time.Clock;
import java.time.Duration;

/** What all endpoints of one simulator share. */
record SimulatorState(
        Clock clock,
        Duration chunkDelay,
        SimulatedCatalog catalog,
        GenerationIds ids,
        Ledger ledger,
        CancelledStreams cancelledStreams) {}
