package dev.portolan.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output, or a file, could not be written. */
final class OutputFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    /** Standard output could not be written. */
    OutputFailed(IOException cause) {
        super("Cannot write to standard output: " + cause.getMessage(), cause);
        // The JDK has no other sign of EPIPE than the system's words for it.
        readerGone = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    /** A file could not be written. */
    OutputFailed(String file, IOException cause) {
        super("Cannot write " + file + ": " + cause.getMessage(), cause);
        readerGone = false;
    }

    /** Whether the program at the other end of the pipe has ended, as in {@code portolan chat … | head -1}. */
    boolean readerGone() {
        return readerGone;
    }
}
