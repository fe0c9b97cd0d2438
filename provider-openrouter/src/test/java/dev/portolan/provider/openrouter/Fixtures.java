package dev.portolan.provider.openrouter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Bodies and event streams in the shapes that OpenRouter sends; the data is made up. The shapes come from its
 * specification, its guides, and answers recorded in public projects.
 */
final class Fixtures {
    /** The blocking replies that are answers, not errors. */
    static final List<String> REPLIES = List.of(
            "chat-annotations-web.json",
            "chat-byok-cost.json",
            "chat-cache-write.json",
            "chat-cached-tokens.json",
            "chat-images.json",
            "chat-logprobs.json",
            "chat-reasoning-details.json",
            "chat-refusal.json",
            "chat-response-cache-hit.json",
            "chat-router-metadata.json",
            "chat-simple.json",
            "chat-tool-calls.json");

    /** The streams that end as they should. */
    static final List<String> WHOLE_STREAMS = List.of(
            "stream-audio.sse",
            "stream-comments-crlf.sse",
            "stream-debug-chunk.sse",
            "stream-images.sse",
            "stream-reasoning.sse",
            "stream-simple.sse",
            "stream-tool-calls.sse",
            "stream-usage-on-finish-chunk.sse");

    /** The streams that fail on the way. */
    static final List<String> FAILING_STREAMS =
            List.of("stream-mid-error-availability.sse", "stream-mid-error.sse", "stream-truncated-no-done.sse");

    private Fixtures() {}

    static byte[] bytes(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("There is no fixture " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }
}
