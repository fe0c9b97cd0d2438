package dev.portolan.transport.retrofit;

import java.io.IOException;

/** An answer, or an event of a stream, is longer than allowed; the rest of it is not read. */
public final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String what, long maxBytes) {
        super(what + " is longer than " + maxBytes + " bytes");
    }
}
