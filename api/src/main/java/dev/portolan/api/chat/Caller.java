package dev.portolan.api.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request is made, and on what terms (OpenRouter reference: chat-completions §1.1).
 *
 * @param user a stable name for the end user; the provider hashes it; {@code null} for none
 * @param metadata at most 16 notes for the provider's own log; a key has at most 64 characters, a value at most 512
 * @param serviceTier the price and speed class: {@code auto default fast flex priority scale}, or a newer word;
 *     {@code null} for the default
 * @param promptCacheKey ties requests with the same beginning together for prompt caching; {@code null} for none
 */
public record Caller(
        @Nullable String user,
        Map<String, String> metadata,
        @Nullable String serviceTier,
        @Nullable String promptCacheKey) {
    /** Nothing set. */
    public static final Caller NONE = new Caller(null, Map.of(), null, null);

    /**
     * Checks the limits and copies the map.
     *
     * @throws IllegalArgumentException if there are too many notes, or one is too long
     */
    public Caller {
        if (metadata.size() > 16) {
            throw new IllegalArgumentException("metadata takes at most 16 entries, found " + metadata.size());
        }
        metadata.forEach((key, value) -> {
            Ranges.checkLength("A key of metadata", key, 64);
            Ranges.checkLength("The value of metadata '" + key + "'", value, 512);
        });
        metadata = Contents.orderedCopy(metadata);
    }
}
