package dev.portolan.cost;

import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.spi.CostSinkFactory;
import java.util.Optional;

/**
 * All that is done about the cost of a {@code Portolan}'s calls, in one piece: set it together here, and give it to
 * {@link dev.portolan.api.Portolan.Builder#sinkFactory}. On the class path, {@link LedgerFactory} does the same from settings.
 */
public final class CostTracking implements CostSinkFactory {
    private final Ledger ledger;

    private CostTracking(Builder builder) {
        this.ledger = builder.ledger;
    }

    /** Sets it together. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<CostSink> create(Settings settings, Sources sources) {
        return Optional.of(new TrackedCalls(ledger, sources));
    }

    /** Collects the parts. Not thread-safe. */
    public static final class Builder {
        private Ledger ledger = new InMemoryLedger();

        private Builder() {}

        /** Where calls are written down; default: in memory. It is closed with the {@code Portolan}. */
        public Builder ledger(Ledger newLedger) {
            ledger = newLedger;
            return this;
        }

        /** The whole. */
        public CostTracking build() {
            return new CostTracking(this);
        }
    }
}
