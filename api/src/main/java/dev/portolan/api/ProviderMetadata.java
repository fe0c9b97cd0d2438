package dev.portolan.api;

/**
 * What only one provider tells about a reply, beside the fields that all replies have. Implementations are immutable.
 */
public interface ProviderMetadata {
    /** The kind of provider that wrote this, for example {@code openrouter}. */
    String provider();
}
