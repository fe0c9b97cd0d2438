package dev.portolan.testkit.simulator.http;

import java.io.IOException;
import java.time.Duration;

/** The connection to one client. With {@link AnswerStream} the only place where things go wrong on the wire. */
public interface ClientLine {
    /** Waits without sending; comes back early, by {@link ClientGone}, when the client hangs up. */
    void pause(Duration length) throws IOException;

    /** Sends nothing more and waits until the client hangs up or the simulator closes. */
    void stall() throws IOException;

    /** Closes the connection now, without the end of the body. */
    void disconnect() throws IOException;

    /** Resets the connection (TCP RST): the client sees an error even for bytes that it has not read yet. */
    void reset() throws IOException;
}
