package dev.portolan.cost.price;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prices of models: one's own, and for all others those of a catalogue.
 *
 * <p>It never holds up a call for long. What the catalogue said of a model is kept, for an hour by default. After that it is asked
 * again on a thread of its own; if it does not answer in time, 3 seconds by default, or fails, what it said before is used, and
 * it is left alone for a minute. A thread that is interrupted meanwhile stays interrupted and gets what was known before.
 *
 * <p>Thread-safe; never throws because a price is not known.
 */
public final class PriceBook {
    /** How long a call waits for the catalogue unless said otherwise. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(3);

    /** How long what the catalogue said is taken for true unless said otherwise. */
    public static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofHours(1);

    private final Map<ModelId, Pricing> own;
    private final @Nullable CatalogCopy catalog;

    /** With the prices of a catalogue. */
    public PriceBook(ModelCatalogPort catalog) {
        this(builder().catalog(catalog));
    }

    private PriceBook(Builder builder) {
        ModelCatalogPort given = builder.catalog;
        this.own = Map.copyOf(builder.own);
        this.catalog =
                given == null ? null : new CatalogCopy(given, builder.patience, builder.timeToLive, builder.nanoTime);
    }

    /** Begins a book. */
    public static Builder builder() {
        return new Builder();
    }

    /** What is known of a model, its limits as the catalogue tells them and its prices; one's own prices come first. */
    public Optional<ModelInfo> model(ModelId id) {
        return model(id, catalog == null ? Optional.empty() : catalog.model(id));
    }

    /**
     * The same, for who would rather wait than not know.
     *
     * @param patience how long the catalogue is waited for, in place of the book's own patience
     */
    public Optional<ModelInfo> model(ModelId id, Duration patience) {
        return model(id, catalog == null ? Optional.empty() : catalog.model(id, patience));
    }

    private Optional<ModelInfo> model(ModelId id, Optional<ModelInfo> listed) {
        Pricing price = ownPrice(id, listed);
        return price == null
                ? listed
                : Optional.of(listed.map(model -> priced(model, price)).orElseGet(() -> unlisted(id, price)));
    }

    /** What a model costs; {@link Pricing#UNKNOWN} if that is not known. The catalogue is not asked if there is one's own. */
    public Pricing pricing(ModelId id) {
        Pricing price = own.get(id);
        return price != null ? price : model(id).map(ModelInfo::pricing).orElse(Pricing.UNKNOWN);
    }

    /**
     * The event with its cost estimated from its tokens, if it has no cost, tokens were counted, and the prices are known; else
     * the event as it is. Prices are those of the model that answered, or if they are not known of the one that was asked, at
     * the time of the call.
     */
    public CostEvent priced(CostEvent event) {
        if (event.cost().isKnown()
                || !event.usage().isReported()
                || event.outcome().status() != CostEvent.Outcome.Status.COMPLETED) {
            return event;
        }
        ModelId answered = answered(event);
        Cost estimate = answered == null ? Cost.UNKNOWN : estimate(answered, event);
        if (!estimate.isKnown() && !event.model().equals(answered)) {
            estimate = estimate(event.model(), event);
        }
        return estimate.isKnown() ? event.withCost(estimate) : event;
    }

    private Cost estimate(ModelId model, CostEvent event) {
        return pricing(model)
                .estimate(
                        event.usage(),
                        WebSearches.in(event.usage()),
                        event.timing().started());
    }

    private static @Nullable ModelId answered(CostEvent event) {
        String name = event.answeredBy().model();
        try {
            return name.isBlank() ? null : new ModelId(event.model().provider(), name);
        } catch (IllegalArgumentException odd) {
            return null;
        }
    }

    /** The catalogue may know the model by a second name, such as one with a date. */
    private @Nullable Pricing ownPrice(ModelId id, Optional<ModelInfo> listed) {
        Pricing price = own.get(id);
        return price != null || listed.isEmpty() ? price : own.get(listed.get().id());
    }

    private static ModelInfo priced(ModelInfo model, Pricing pricing) {
        return new ModelInfo(
                model.id(),
                model.canonicalName(),
                model.name(),
                model.description(),
                model.created(),
                model.contextLength(),
                model.maxCompletionTokens(),
                model.inputModalities(),
                model.outputModalities(),
                model.supportedParameters(),
                pricing,
                model.extras());
    }

    private static ModelInfo unlisted(ModelId id, Pricing pricing) {
        return new ModelInfo(
                id, null, id.name(), "", null, null, null, List.of(), List.of(), List.of(), pricing, Map.of());
    }

    /** Collects prices. Not thread-safe. */
    public static final class Builder {
        private final Map<ModelId, Pricing> own = new HashMap<>();
        private @Nullable ModelCatalogPort catalog;
        private Duration patience = DEFAULT_PATIENCE;
        private Duration timeToLive = DEFAULT_TIME_TO_LIVE;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /** What a model costs, whatever the catalogue says. */
        public Builder price(ModelId model, Pricing pricing) {
            own.put(Objects.requireNonNull(model, "model"), Objects.requireNonNull(pricing, "pricing"));
            return this;
        }

        /**
         * What a model costs, whatever the catalogue says.
         *
         * @param model such as {@code inhouse/llama-3}
         * @throws IllegalArgumentException if it is not the id of a model
         */
        public Builder price(String model, Pricing pricing) {
            return price(ModelId.parse(model), pricing);
        }

        /** Where all other prices, and the limits of models, are; default: nowhere. */
        public Builder catalog(ModelCatalogPort port) {
            catalog = port;
            return this;
        }

        /** How long a call waits for the catalogue; default: 3 seconds. */
        public Builder patience(Duration time) {
            patience = positive("patience", time);
            return this;
        }

        /** How long what the catalogue said is taken for true; default: 1 hour. */
        public Builder timeToLive(Duration time) {
            timeToLive = positive("time to live", time);
            return this;
        }

        /** The clock; for tests. */
        Builder nanoTime(LongSupplier clock) {
            nanoTime = clock;
            return this;
        }

        private static Duration positive(String what, Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException(
                        "The " + what + " of a price book is " + time + "; expected more than 0");
            }
            return time;
        }

        /** The book. */
        public PriceBook build() {
            return new PriceBook(this);
        }
    }
}
