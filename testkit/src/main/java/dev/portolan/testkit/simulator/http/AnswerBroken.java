package dev.portolan.testkit.simulator.http;

import java.io.IOException;

/**
 * A fault ends the answer here. Thrown before the last bytes go out, so that an endpoint can put its books in order
 * before the client notices anything; the fault itself catches it and sends what is left to send.
 */
public final class AnswerBroken extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Object fault;
    private final boolean failed;
    private final transient Answer.Pieces rest;

    /** Takes who will catch it, whether the model failed (or else the line), and what goes out after that. */
    public AnswerBroken(Object fault, boolean failed, Answer.Pieces rest) {
        super("broken on purpose");
        this.fault = fault;
        this.failed = failed;
        this.rest = rest;
    }

    public boolean isOf(Object other) {
        return fault == other;
    }

    /** Whether it is the model that failed, which is not charged; or else the line, which is. */
    public boolean failed() {
        return failed;
    }

    public void finish(AnswerStream stream) throws IOException {
        rest.writeTo(stream);
    }
}
