package dev.portolan.api.spi;

import dev.portolan.api.Settings;

/**
 * Makes a {@link Provider} from settings. Found by {@link java.util.ServiceLoader}: put an implementation with a public
 * constructor without parameters on the class path, with its name in
 * {@code META-INF/services/dev.portolan.api.spi.ProviderFactory} (and {@code provides … with …} in a module).
 */
public interface ProviderFactory {
    /**
     * The name by which model ids choose this provider, for example {@code openrouter}.
     *
     * @see dev.portolan.api.ModelId#isProviderName
     */
    String name();

    /**
     * Makes the provider. Called when the first model of this provider is used; again only if it failed.
     *
     * @throws dev.portolan.api.error.ConfigurationException if a setting is missing or wrong; the message names it
     */
    Provider create(Settings settings);
}
