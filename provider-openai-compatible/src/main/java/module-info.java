/**
 * Any server that speaks OpenAI's API as a provider of Portolan, under a name of the user's choice: put it on the class path,
 * set {@code PORTOLAN_OLLAMA_BASE_URL}, and {@code ollama/…} models work.
 */
module dev.portolan.provider.openai {
    requires static transitive org.jspecify;
    requires transitive dev.portolan.api;
    requires dev.portolan.transport.retrofit;

    exports dev.portolan.provider.openai;

    provides dev.portolan.api.spi.ProviderSource with
            dev.portolan.provider.openai.OpenAiCompatibleSource;
}
