package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.budget.BudgetBook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A ledger in memory that is down when a test says so. */
final class FailingLedger implements Ledger {
    private Ledger books;

    /** The calls in the order in which they were written, repetitions among them. */
    final List<String> order = Collections.synchronizedList(new ArrayList<>());

    volatile boolean down;
    volatile int tries;
    volatile int failAfterTries = Integer.MAX_VALUE;

    /** The id of a call that is not taken though the ledger is not down. */
    volatile @Nullable String refused;

    volatile Step beforeWriting = events -> {};

    interface Step {
        void with(List<CostEvent> events) throws InterruptedException;
    }

    FailingLedger() {
        this(new InMemoryLedger());
    }

    FailingLedger(Ledger books) {
        this.books = books;
    }

    void clear() {
        books = new InMemoryLedger();
        order.clear();
    }

    @Override
    public void record(CostEvent event) {
        recordAll(List.of(event));
    }

    @Override
    public synchronized void recordAll(List<CostEvent> events) {
        tries++;
        if (down || failAfterTries-- <= 0) {
            throw new LedgerException("The ledger is down", null);
        }
        if (events.stream().anyMatch(event -> event.callId().equals(refused))) {
            throw new LedgerException("This record is refused", null, true);
        }
        try {
            beforeWriting.with(events);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        books.recordAll(events);
        events.forEach(event -> order.add(event.callId()));
    }

    @Override
    public Optional<CostEvent> find(String callId) {
        return books.find(callId);
    }

    @Override
    public List<CostEvent> entries(LedgerQuery query) {
        return books.entries(query);
    }

    @Override
    public List<Total> totals(Grouping by, LedgerQuery query) {
        return books.totals(by, query);
    }

    @Override
    public List<CostEvent> unsettled(LedgerQuery query) {
        return books.unsettled(query);
    }

    @Override
    public boolean settle(String callId, Cost cost, Usage usage) {
        if (down) {
            throw new LedgerException("The ledger is down", null);
        }
        return books.settle(callId, cost, usage);
    }

    @Override
    public BudgetBook budgets() {
        return books.budgets();
    }

    @Override
    public void close() {}
}
