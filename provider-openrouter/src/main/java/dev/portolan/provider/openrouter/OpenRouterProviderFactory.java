package dev.portolan.provider.openrouter;

import dev.portolan.api.Settings;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;

/**
 * Makes the provider named {@code openrouter} from {@code OPENROUTER_API_KEY} (else {@code OR_API_KEY}),
 * {@code OPENROUTER_API_BASE}, {@code OR_SITE_URL} and {@code OR_APP_NAME}; see {@link OpenRouterSettings}.
 */
public final class OpenRouterProviderFactory implements ProviderFactory {
    static final String NAME = "openrouter";

    /** For ServiceLoader. */
    public OpenRouterProviderFactory() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Provider create(Settings settings) {
        return new OpenRouterProvider(OpenRouterSettings.read(settings));
    }
}
