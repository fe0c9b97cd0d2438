package dev.portolan.cost.price;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.PortolanException;
import java.util.Optional;

/** Prices of models, from the catalogue. Thread-safe; never throws because a price is not known. */
public final class PriceBook {
    private final ModelCatalogPort catalog;

    /** With the prices of a catalogue. */
    public PriceBook(ModelCatalogPort catalog) {
        this.catalog = catalog;
    }

    /** What is known of a model: its prices and limits. */
    public Optional<ModelInfo> model(ModelId id) {
        try {
            return catalog.model(id);
        } catch (PortolanException unreadable) {
            return Optional.empty();
        }
    }

    /** The event with its cost estimated, if it has none, its tokens were reported and the prices are known. */
    public CostEvent priced(CostEvent event) {
        if (event.cost().isKnown()
                || !event.usage().isReported()
                || event.outcome().status() != CostEvent.Outcome.Status.COMPLETED) {
            return event;
        }
        Cost estimate = model(event.model())
                .map(model -> model.pricing()
                        .estimate(event.usage(), 0, event.timing().started()))
                .orElse(Cost.UNKNOWN);
        return event.withCost(estimate);
    }
}
