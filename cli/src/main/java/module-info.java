/** The {@code portolan} command. */
module dev.portolan.cli {
    requires static org.jspecify;
    requires dev.portolan.api;
    requires dev.portolan.cost;
    requires dev.portolan.provider.openrouter;
    requires dev.portolan.testkit;
    requires info.picocli;
    requires java.logging;

    opens dev.portolan.cli to
            info.picocli;
}
