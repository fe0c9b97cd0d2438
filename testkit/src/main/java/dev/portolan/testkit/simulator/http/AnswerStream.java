package dev.portolan.testkit.simulator.http;

import java.io.IOException;
import java.time.Duration;

/** The way to the client while a streamed body is written. The place where faults of the wire are made. */
public interface AnswerStream {
    /** Sends one piece and flushes it. */
    void send(byte[] piece) throws IOException;

    /** Waits without sending; comes back early, by {@link ClientGone}, when the client hangs up. */
    void pause(Duration length) throws IOException;

    /** Sends nothing more and waits until the client hangs up or the simulator closes. */
    void stall() throws IOException;

    /** Closes the connection now, without the end of the body. */
    void disconnect() throws IOException;

    /** Resets the connection (TCP RST): the client sees an error even for bytes that it has not read yet. */
    void reset() throws IOException;
}
