package dev.portolan.cli;

import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.concurrent.atomic.AtomicInteger;

/** The testkit's simulator. A class of its own, so that nothing of the testkit is loaded when a call goes to OpenRouter. */
final class BuiltInSimulator implements AutoCloseable {
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final OpenRouterSimulator simulator;

    private BuiltInSimulator(OpenRouterSimulator simulator) {
        this.simulator = simulator;
    }

    static BuiltInSimulator start() {
        // The ledger of simulated calls outlives the simulator, and knows calls by these ids.
        String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
                + ProcessHandle.current().pid();
        return new BuiltInSimulator(OpenRouterSimulator.builder()
                .generationPrefix("gen-sim-" + run + "-" + STARTED.incrementAndGet() + "-")
                .start());
    }

    String apiKey() {
        return simulator.apiKey();
    }

    String baseUrl() {
        return simulator.baseUrl();
    }

    @Override
    public void close() {
        simulator.close();
    }
}
