package dev.portolan.transport.retrofit;

import java.io.IOException;

/** A server-sent event is longer than allowed. */
public final class EventTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    EventTooLongException(long maxEventBytes) {
        super("An event of the stream is longer than " + maxEventBytes + " bytes");
    }
}
