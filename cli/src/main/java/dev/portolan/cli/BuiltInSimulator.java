package dev.portolan.cli;

import dev.portolan.testkit.simulator.OpenRouterSimulator;

/** The testkit's simulator. A class of its own, so that nothing of the testkit is loaded when a call goes to OpenRouter. */
final class BuiltInSimulator implements AutoCloseable {
    private final OpenRouterSimulator simulator;

    private BuiltInSimulator(OpenRouterSimulator simulator) {
        this.simulator = simulator;
    }

    static BuiltInSimulator start() {
        return new BuiltInSimulator(OpenRouterSimulator.start());
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
