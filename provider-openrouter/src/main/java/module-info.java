/** OpenRouter as a provider of Portolan: put it on the class path, and {@code openrouter/…} models work. */
module dev.portolan.provider.openrouter {
    requires static transitive org.jspecify;
    requires transitive dev.portolan.api;
    requires dev.portolan.transport.retrofit;

    exports dev.portolan.provider.openrouter;

    provides dev.portolan.api.spi.ProviderFactory with
            dev.portolan.provider.openrouter.OpenRouterProviderFactory;
}
