package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.account.AccountStore;
import dev.portolan.cost.account.InMemoryAccounts;
import dev.portolan.cost.account.LedgerBudgets;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A ledger that lives as long as the process, for tests, scripts and as the default. It holds the newest entries up to a
 * number, {@value #DEFAULT_CAPACITY} by default, so that a server that nobody set a ledger for does not fill its memory:
 * beyond it the entries that were recorded first leave, and are no longer part of any total; {@link #dropped()} counts them.
 * A budget goes on counting what they cost. Thread-safe.
 */
public final class InMemoryLedger implements Ledger {
    /** How many entries are held unless said otherwise. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private static final System.Logger LOG = System.getLogger(InMemoryLedger.class.getName());

    private final int capacity;
    private final Map<String, CostEvent> entries = new LinkedHashMap<>();
    private final Map<Generation, String> generations = new LinkedHashMap<>();
    private final AccountStore accounts = new InMemoryAccounts(this);
    private final LedgerBudgets budgets;
    private long dropped;

    private record Generation(String provider, String id) {}

    /** With room for {@value #DEFAULT_CAPACITY} entries. */
    public InMemoryLedger() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * With room for so many entries.
     *
     * @param capacity at least 1
     */
    public InMemoryLedger(int capacity) {
        this(capacity, Clock.systemUTC());
    }

    /**
     * With room for so many entries.
     *
     * @param capacity at least 1
     * @param clock by which it is known what period is the current one when a budget is set
     */
    public InMemoryLedger(int capacity, Clock clock) {
        if (capacity < 1) {
            throw new IllegalArgumentException("The capacity of a ledger is " + capacity + "; expected 1 or more");
        }
        this.capacity = capacity;
        this.budgets = new LedgerBudgets(new Locked(), clock);
    }

    @Override
    public void record(CostEvent event) {
        recordAll(List.of(event));
    }

    private boolean add(CostEvent entry) {
        String provider = entry.model().provider();
        List<String> ids = entry.answeredBy().generationIds();
        if (entries.containsKey(entry.callId())
                || ids.stream().anyMatch(id -> generations.containsKey(new Generation(provider, id)))) {
            return false;
        }
        entries.put(entry.callId(), entry);
        ids.forEach(id -> generations.put(new Generation(provider, id), entry.callId()));
        if (entries.size() > capacity) {
            dropOldest();
        }
        return true;
    }

    private void dropOldest() {
        if (dropped++ == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The ledger in memory is full with {0} entries; from now on the oldest ones leave it. Set {1} to a"
                            + " database to keep them all",
                    capacity,
                    LedgerFactory.URL);
        }
        Iterator<CostEvent> oldest = entries.values().iterator();
        CostEvent entry = oldest.next();
        oldest.remove();
        entry.answeredBy()
                .generationIds()
                .forEach(id -> generations.remove(new Generation(entry.model().provider(), id)));
    }

    @Override
    public void recordAll(List<CostEvent> events) {
        List<CostEvent> checked = events.stream().map(Entries::checked).toList();
        List<BudgetAlert> alerts;
        synchronized (this) {
            List<CostEvent> written = checked.stream().filter(this::add).toList();
            alerts = budgets.recorded(accounts, written);
        }
        budgets.tell(alerts);
    }

    @Override
    public synchronized Optional<CostEvent> find(String callId) {
        return Optional.ofNullable(entries.get(callId));
    }

    @Override
    public synchronized List<CostEvent> entries(LedgerQuery query) {
        return entries.values().stream()
                .filter(query::matches)
                .sorted(Entries.OLDEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized List<Total> totals(Grouping by, LedgerQuery query) {
        Tally tally = new Tally();
        entries.values().stream().filter(query::matches).forEach(entry -> tally.add(by.keyOf(entry), entry));
        return tally.totals();
    }

    @Override
    public synchronized List<CrossTotal> totals(Grouping rows, Grouping columns, LedgerQuery query) {
        CrossTally tally = new CrossTally();
        entries.values().stream()
                .filter(query::matches)
                .forEach(entry -> tally.row(rows.keyOf(entry)).add(columns.keyOf(entry), entry));
        return tally.totals();
    }

    @Override
    public synchronized List<CostEvent> unsettled(int limit) {
        return entries.values().stream()
                .filter(Entries::isUnsettled)
                .sorted(Entries.OLDEST_FIRST)
                .limit(Entries.checkLimit(limit))
                .toList();
    }

    @Override
    public boolean settle(String callId, Cost cost, Usage usage) {
        Entries.checkSettlement(callId, cost);
        List<BudgetAlert> alerts;
        synchronized (this) {
            CostEvent entry = entries.get(callId);
            if (entry == null || !Entries.isOpen(entry)) {
                return false;
            }
            CostEvent settled = Entries.settled(entry, cost, usage);
            entries.put(callId, settled);
            alerts = budgets.settled(accounts, entry, settled);
        }
        budgets.tell(alerts);
        return true;
    }

    @Override
    public BudgetBook budgets() {
        return budgets;
    }

    /** Holding the ledger's lock is a transaction: the rules throw nothing once they have begun to write. */
    private final class Locked implements LedgerBudgets.Transactions {
        @Override
        public <T> T write(String what, Function<AccountStore, T> work) {
            return read(work);
        }

        @Override
        public <T> T read(Function<AccountStore, T> work) {
            synchronized (InMemoryLedger.this) {
                return work.apply(accounts);
            }
        }

        @Override
        public <T> T glance(Function<AccountStore, T> work) {
            return read(work);
        }
    }

    /** How many entries have left for want of room. */
    public synchronized long dropped() {
        return dropped;
    }

    /** Nothing to release; the entries stay readable. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return "InMemoryLedger";
    }
}
