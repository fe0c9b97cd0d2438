/** OpenRouter as a provider of Portolan: put it on the class path, and {@code openrouter/…} models work. */
module dev.portolan.provider.openrouter {
    requires static transitive org.jspecify;
    requires transitive dev.portolan.api;
    requires dev.portolan.transport.retrofit;

    exports dev.portolan.provider.openrouter;
    exports dev.portolan.provider.openrouter.account;
    exports dev.portolan.provider.openrouter.audio;
    exports dev.portolan.provider.openrouter.rerank;

    provides dev.portolan.api.spi.ProviderFactory with
            dev.portolan.provider.openrouter.OpenRouterProviderFactory;
}
