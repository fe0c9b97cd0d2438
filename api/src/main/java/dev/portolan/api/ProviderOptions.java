package dev.portolan.api;

/**
 * Settings that only one provider understands, added to a request under that provider's name.
 *
 * <p>A request may carry the options of several providers; each reads its own and answers the others' with a
 * {@link Warning}. Implementations are immutable.
 */
public interface ProviderOptions {
    /** The kind of provider that reads these options, for example {@code openrouter}. */
    String provider();
}
