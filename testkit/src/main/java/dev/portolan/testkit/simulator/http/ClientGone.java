package dev.portolan.testkit.simulator.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The client closed its connection before the answer was complete. */
public final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;

    ClientGone(@Nullable Throwable cause) {
        super("the client went away", cause);
    }
}
