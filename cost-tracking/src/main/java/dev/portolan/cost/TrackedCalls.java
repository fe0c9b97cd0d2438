package dev.portolan.cost;

import dev.portolan.api.Request;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.spi.CostSinkFactory.Sources;
import dev.portolan.cost.price.PriceBook;

/** Goes along with every call of one {@code Portolan}: before it the budgets, after it the prices and the ledger. */
final class TrackedCalls implements CostSink, SpendingGuard, AutoCloseable {
    private final Ledger ledger;
    private final PriceBook prices;

    TrackedCalls(Ledger ledger, Sources sources) {
        this.ledger = ledger;
        this.prices = new PriceBook(sources.catalog());
    }

    @Override
    public Reservation reserve(String callId, Request request) {
        return Reservation.NONE;
    }

    @Override
    public void record(CostEvent event) {
        ledger.record(prices.priced(event));
    }

    @Override
    public void close() {
        ledger.close();
    }
}
