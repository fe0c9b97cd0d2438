/** What every call cost, written down and added up: ledgers in memory and in databases. */
module dev.portolan.cost {
    requires static transitive org.jspecify;
    requires transitive dev.portolan.api;
    requires java.sql;
    requires org.jdbi.v3.core;

    // For the package `signal` alone. Not transitive: who uses it requires them, and nobody else needs to have them.
    requires static io.opentelemetry.api;
    requires static micrometer.core;
    requires static io.opentelemetry.context;

    uses java.sql.Driver;

    exports dev.portolan.cost;
    exports dev.portolan.cost.budget;
    exports dev.portolan.cost.price;
    exports dev.portolan.cost.report;
    exports dev.portolan.cost.signal;

    provides dev.portolan.api.spi.CostSinkFactory with
            dev.portolan.cost.LedgerFactory;
}
