/** The ports of Portolan, their model and their SPI; depends on the JDK only. */
module dev.portolan.api {
    requires static transitive org.jspecify;

    exports dev.portolan.api;
    exports dev.portolan.api.async;
    exports dev.portolan.api.catalog;
    exports dev.portolan.api.chat;
    exports dev.portolan.api.cost;
    exports dev.portolan.api.embedding;
    exports dev.portolan.api.error;
    exports dev.portolan.api.image;
    exports dev.portolan.api.spi;

    uses dev.portolan.api.spi.ProviderFactory;
    uses dev.portolan.api.spi.ProviderSource;
    uses dev.portolan.api.spi.CostSinkFactory;
    uses dev.portolan.api.spi.PortDecorator;
}
