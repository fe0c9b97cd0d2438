package dev.portolan.resilience;

import dev.portolan.api.ProviderMetadata;
import java.time.Duration;
import java.util.Objects;

/**
 * Marks a reply that {@link ReplyCache} gave from memory: {@code reply.metadata(CacheHit.class)}.
 *
 * @param age how long ago the provider gave it
 */
public record CacheHit(Duration age) implements ProviderMetadata {
    /** Checks that nothing is missing. */
    public CacheHit {
        Objects.requireNonNull(age, "age");
    }

    /** {@code cache}, which stands for no provider. */
    @Override
    public String provider() {
        return "cache";
    }
}
