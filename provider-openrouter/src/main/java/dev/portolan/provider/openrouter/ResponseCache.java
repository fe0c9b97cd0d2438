package dev.portolan.provider.openrouter;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Use of OpenRouter's response cache: a repeated request is answered from it, free of charge
 * (OpenRouter reference: routing §6). What it did is in {@link OpenRouterMetadata#cache()}.
 *
 * @param enabled whether to use it
 * @param ttl how long a reply is kept, 1 second to 24 hours; {@code null} for the default, 5 minutes
 * @param refresh whether to ask the model again and replace what is stored
 */
public record ResponseCache(boolean enabled, @Nullable Duration ttl, boolean refresh) {
    /** Used, with the default time. */
    public static final ResponseCache ON = new ResponseCache(true, null, false);

    /** Not used, even if a preset says so. */
    public static final ResponseCache OFF = new ResponseCache(false, null, false);

    /**
     * Checks the time.
     *
     * @throws IllegalArgumentException if it is not between 1 second and 24 hours
     */
    public ResponseCache {
        if (ttl != null && (ttl.toSeconds() < 1 || ttl.compareTo(Duration.ofDays(1)) > 0)) {
            throw new IllegalArgumentException("The response cache keeps 1 second to 24 hours, found " + ttl);
        }
    }

    /** Used, with replies kept for {@code ttl}. */
    public static ResponseCache keep(Duration ttl) {
        return new ResponseCache(true, ttl, false);
    }
}
