package dev.portolan.testkit.simulator.http;

import java.io.IOException;

/** Finds the answer to a request. Called by many threads at once. */
public interface Responder {
    /**
     * Answers one request.
     *
     * @param line the connection to the client, to be watched while the answer is sought
     * @throws ClientGone if the client went away meanwhile
     * @throws IOException to close the connection without an answer
     */
    Answer answer(ReceivedRequest request, ClientLine line) throws IOException;
}
