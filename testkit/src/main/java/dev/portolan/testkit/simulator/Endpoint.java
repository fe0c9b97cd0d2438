package dev.portolan.testkit.simulator;

/** One path of the simulated API. */
interface Endpoint {
    String method();

    /** The path below the API's base path, for instance {@code /chat/completions}. */
    String path();

    /** Answers, or throws an {@link ApiError}, which the router turns into an answer. */
    Answer answer(SimulatorRequest request);
}
