package dev.portolan.api.spi;

import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.CostSink;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a {@link CostSink} from settings. Found by {@link java.util.ServiceLoader}, like a {@link ProviderFactory}.
 */
public interface CostSinkFactory {
    /**
     * What it is, such as {@code ledger}: one that is given in code takes the place of those of the same name that are found.
     * By default the name of its class, so that none takes the place of another.
     */
    default String name() {
        return getClass().getName();
    }

    /**
     * Makes the sink, when the {@code Portolan} is built. One that is {@link AutoCloseable} is closed with the
     * {@code Portolan}, after its providers; one that is a {@link dev.portolan.api.cost.SpendingGuard} too is asked before
     * each call.
     *
     * @param settings where its configuration is
     * @param sources where prices and bills can be asked for, later: not before this method has returned
     * @return the sink; empty if the settings ask for none
     * @throws dev.portolan.api.error.ConfigurationException if a setting is wrong; the message names it
     */
    Optional<CostSink> create(Settings settings, Sources sources);

    /**
     * What the providers of a {@code Portolan} know of money. Both are routed by the provider of the model that is asked for,
     * and thread-safe.
     *
     * @param catalog the models and their prices
     * @param billing what past calls were billed for
     */
    record Sources(ModelCatalogPort catalog, BillingPort billing) {
        /** Checks that nothing is missing. */
        public Sources {
            Objects.requireNonNull(catalog, "catalog");
            Objects.requireNonNull(billing, "billing");
        }
    }
}
