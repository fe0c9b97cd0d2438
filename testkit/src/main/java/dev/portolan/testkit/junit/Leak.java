package dev.portolan.testkit.junit;

/** What a test may leave behind. */
public enum Leak {
    /** A stream that was neither read to its end nor closed. */
    STREAM,
    /** A thread that was started during the test and is still alive after everything was closed. */
    THREAD,
    /** A connection, perhaps with a body on it, that is still open at the simulator after the {@code Portolan} was closed. */
    CONNECTION
}
