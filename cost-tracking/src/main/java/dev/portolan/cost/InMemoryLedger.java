package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ledger that lives as long as the process, for tests, scripts and as the default. It holds the newest entries up to a
 * number, {@value #DEFAULT_CAPACITY} by default, so that a server that nobody set a ledger for does not fill its memory:
 * beyond it the entries that were recorded first leave, and are no longer part of any total; {@link #dropped()} counts them.
 * Thread-safe.
 */
public final class InMemoryLedger implements Ledger {
    /** How many entries are held unless said otherwise. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private static final System.Logger LOG = System.getLogger(InMemoryLedger.class.getName());

    private final int capacity;
    private final Map<String, CostEvent> entries = new LinkedHashMap<>();
    private final Map<Generation, String> generations = new LinkedHashMap<>();
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
        if (capacity < 1) {
            throw new IllegalArgumentException("The capacity of a ledger is " + capacity + "; expected 1 or more");
        }
        this.capacity = capacity;
    }

    @Override
    public synchronized void record(CostEvent event) {
        CostEvent entry = Entries.checked(event);
        String provider = entry.model().provider();
        List<String> ids = entry.answeredBy().generationIds();
        if (entries.containsKey(entry.callId())
                || ids.stream().anyMatch(id -> generations.containsKey(new Generation(provider, id)))) {
            return;
        }
        entries.put(entry.callId(), entry);
        ids.forEach(id -> generations.put(new Generation(provider, id), entry.callId()));
        if (entries.size() > capacity) {
            dropOldest();
        }
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
    public synchronized void recordAll(List<CostEvent> events) {
        events.forEach(Entries::checked);
        events.forEach(this::record);
    }

    @Override
    public synchronized Optional<CostEvent> find(String callId) {
        return Optional.ofNullable(entries.get(callId));
    }

    @Override
    public synchronized List<CostEvent> entries(LedgerQuery query) {
        return entries.values().stream()
                .filter(query::matches)
                .sorted(query.newestFirst() ? Entries.OLDEST_FIRST.reversed() : Entries.OLDEST_FIRST)
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
    public synchronized List<CostEvent> unsettled(LedgerQuery query) {
        return entries.values().stream()
                .filter(Entries::isUnsettled)
                .filter(query::matches)
                .sorted(Entries.OLDEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized boolean settle(String callId, Cost cost, Usage usage) {
        Entries.checkSettlement(callId, cost);
        CostEvent entry = entries.get(callId);
        if (entry == null || !Entries.isOpen(entry)) {
            return false;
        }
        entries.put(callId, Entries.settled(entry, cost, usage));
        return true;
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
