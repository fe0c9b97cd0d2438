package dev.portolan.benchmarks.harness;

import java.util.Locale;

/** What the stub has replies for. */
public enum Work {
    /** A whole answer. */
    BLOCKING("blocking round trip", 1),
    /** A streamed answer of 2,000 chunks. */
    STREAM("stream, per chunk", 2_000),
    /** A tool call that comes in pieces. */
    TOOLS("streamed tool call, 200 fragments", 1),
    /** Vectors as text of their bytes. */
    BASE64("embeddings 64 × 1,536, Base64", 1),
    /** Vectors as JSON numbers. */
    FLOATS("embeddings 64 × 1,536, JSON floats", 1),
    /** An image. */
    IMAGE("image, reply of 6 MB", 1);

    private final String shown;
    private final int parts;

    Work(String shown, int parts) {
        this.shown = shown;
        this.parts = parts;
    }

    String shown() {
        return shown;
    }

    /** Into how many the figures of one piece of work are divided. */
    int parts() {
        return parts;
    }

    String baseUrl(String stub) {
        return stub + "/" + name().toLowerCase(Locale.ROOT) + "/v1";
    }

    /** Does it once. */
    int with(Contender.Client client) {
        return switch (this) {
            case BLOCKING -> client.complete();
            case STREAM -> client.stream();
            case TOOLS -> client.toolCall();
            case BASE64 -> client.embed(true);
            case FLOATS -> client.embed(false);
            case IMAGE -> client.draw();
        };
    }
}
