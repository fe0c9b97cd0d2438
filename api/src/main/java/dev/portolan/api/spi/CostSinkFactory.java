package dev.portolan.api.spi;

import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostSink;
import java.util.Optional;

/**
 * Makes a {@link CostSink} from settings. Found by {@link java.util.ServiceLoader}, like a {@link ProviderFactory}.
 */
public interface CostSinkFactory {
    /**
     * Makes the sink, when the {@code Portolan} is built. One that is {@link AutoCloseable} is closed with the
     * {@code Portolan}, after its providers; one that is a {@link dev.portolan.api.cost.SpendingGuard} too is asked before
     * each call.
     *
     * @return the sink; empty if the settings ask for none
     * @throws dev.portolan.api.error.ConfigurationException if a setting is wrong; the message names it
     */
    Optional<CostSink> create(Settings settings);
}
