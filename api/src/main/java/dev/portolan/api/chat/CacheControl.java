package dev.portolan.api.chat;

import org.jspecify.annotations.Nullable;

/**
 * A prompt-cache breakpoint: the provider may keep the prompt up to here, to be read at a lower price by a later request
 * (wire: {@code cache_control}, OpenRouter reference: chat-completions §1.2; prices and minimum sizes in routing §7).
 *
 * @param ttl how long it is kept; {@code null} for the provider's default, five minutes
 */
public record CacheControl(@Nullable Ttl ttl) {
    /** Kept for the provider's default time. */
    public static final CacheControl EPHEMERAL = new CacheControl(null);

    /** How long a cached prompt is kept. */
    public enum Ttl {
        /** Five minutes; the default where a provider has a choice. */
        FIVE_MINUTES("5m"),
        /** One hour, at a higher price for writing. */
        ONE_HOUR("1h");

        private final String wire;

        Ttl(String wire) {
            this.wire = wire;
        }

        /** The name on the wire. */
        public String wire() {
            return wire;
        }
    }

    /** Kept for {@code ttl}. */
    public static CacheControl ephemeral(Ttl ttl) {
        return new CacheControl(ttl);
    }
}
