package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import java.util.List;
import java.util.Optional;

/** A ledger that stands in front of another, and lets that one answer what it is asked. */
abstract class LedgerInFront implements Ledger {
    /** The ledger that answers, after what should be done first. */
    abstract Ledger asked();

    @Override
    public Optional<CostEvent> find(String callId) {
        return asked().find(callId);
    }

    @Override
    public List<CostEvent> entries(LedgerQuery query) {
        return asked().entries(query);
    }

    @Override
    public List<Total> totals(Grouping by, LedgerQuery query) {
        return asked().totals(by, query);
    }

    @Override
    public List<CrossTotal> totals(Grouping rows, Grouping columns, LedgerQuery query) {
        return asked().totals(rows, columns, query);
    }

    @Override
    public List<String> tagNames(LedgerQuery query) {
        return asked().tagNames(query);
    }

    @Override
    public List<CostEvent> unknown(LedgerQuery query) {
        return asked().unknown(query);
    }

    @Override
    public List<CostEvent> unsettled(LedgerQuery query) {
        return asked().unsettled(query);
    }

    @Override
    public boolean settle(String callId, Cost cost, Usage usage) {
        return asked().settle(callId, cost, usage);
    }
}
