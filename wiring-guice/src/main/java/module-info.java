/** A Guice module that binds the ports of Portolan from whatever is on the path. */
module dev.portolan.wiring.guice {
    requires static transitive org.jspecify;
    requires transitive com.google.guice;
    requires transitive dev.portolan.api;
    requires jakarta.inject;

    exports dev.portolan.wiring.guice;

    // Guice calls what is not public in here.
    opens dev.portolan.wiring.guice to
            com.google.guice;

    uses dev.portolan.api.spi.ProviderFactory;
    uses dev.portolan.api.spi.ProviderSource;
}
