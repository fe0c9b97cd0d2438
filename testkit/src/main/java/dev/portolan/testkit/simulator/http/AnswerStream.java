package dev.portolan.testkit.simulator.http;

import java.io.IOException;

/** The way to the client while a body is written piece by piece. */
public interface AnswerStream extends ClientLine {
    /** Sends one piece and flushes it. Endpoints send each event or comment of an event stream as one piece. */
    void send(byte[] piece) throws IOException;
}
