package dev.portolan.testkit.simulator.http;

/** One path of the simulated API. */
public interface Endpoint {
    String method();

    /** The path below the API's base path. */
    PathTemplate path();

    /** Whether only requests with a key are answered. */
    default boolean needsKey() {
        return true;
    }

    /** Answers, or throws an {@link ApiError}, which the router turns into an answer. */
    Answer answer(ReceivedRequest request);
}
