package dev.portolan.transport.retrofit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Bodies and event streams in the shapes that OpenRouter sends: made-up data, shapes from its specification, its guides
 * and recorded answers.
 */
final class Fixtures {
    static final List<String> ERRORS = List.of(
            "error-400-invalid-request.json",
            "error-401.json",
            "error-402.json",
            "error-403-guardrail-metadata.json",
            "error-403-moderation.json",
            "error-404-availability.json",
            "error-404-no-providers.json",
            "error-408.json",
            "error-422.json",
            "error-429-availability.json",
            "error-429-provider.json",
            "error-500-masked.json",
            "error-502-provider.json",
            "error-503.json",
            "error-524.json");

    static final List<String> STREAMS = List.of(
            "images-stream-error.sse",
            "images-stream.sse",
            "stream-audio.sse",
            "stream-comments-crlf.sse",
            "stream-debug-chunk.sse",
            "stream-images.sse",
            "stream-mid-error-availability.sse",
            "stream-mid-error.sse",
            "stream-reasoning.sse",
            "stream-simple.sse",
            "stream-tool-calls.sse",
            "stream-truncated-no-done.sse",
            "stream-usage-on-finish-chunk.sse");

    private Fixtures() {}

    static byte[] bytes(String name) {
        try (InputStream in =
                Objects.requireNonNull(Fixtures.class.getResourceAsStream("/fixtures/" + name), "no fixture " + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }
}
