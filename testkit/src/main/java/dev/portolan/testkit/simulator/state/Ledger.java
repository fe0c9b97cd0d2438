package dev.portolan.testkit.simulator.state;

import dev.portolan.testkit.simulator.Bill;
import dev.portolan.testkit.simulator.BillEntry;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects what is billed, in order, and what else {@code /generation} knows; of the oldest only what they cost. */
public final class Ledger {
    private final int asksUntilShown;
    private final int kept;
    private final Map<String, BillEntry> entries = new LinkedHashMap<>();
    private final Map<String, GenerationRecord> records = new LinkedHashMap<>();
    private final Map<String, Integer> asks = new HashMap<>();
    private final NavigableMap<LocalDate, BigDecimal> droppedCosts = new TreeMap<>();
    private long droppedEntries;

    /**
     * Takes how often a generation must be asked for until it is shown (1 shows it at once), and how many are kept, the
     * newest.
     */
    public Ledger(int asksUntilShown, int kept) {
        this.asksUntilShown = asksUntilShown;
        this.kept = kept;
    }

    public synchronized void bill(GenerationRecord generation) {
        entries.put(generation.generation().id(), generation.billEntry());
        note(generation);
    }

    /** Keeps a generation that is not charged and so not on the bill. */
    public synchronized void note(GenerationRecord generation) {
        records.put(generation.generation().id(), generation);
        while (records.size() > kept) {
            drop(records.entrySet().iterator().next().getValue());
        }
    }

    private void drop(GenerationRecord eldest) {
        String id = eldest.generation().id();
        records.remove(id);
        asks.remove(id);
        if (entries.remove(id) != null) {
            droppedEntries++;
            droppedCosts.merge(day(eldest.generation().createdAt()), eldest.cost(), BigDecimal::add);
        }
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** Says of a generation, if it is known, how far it got to its client, and charges it as before. */
    public synchronized void restate(@Nullable String id, BillEntry.Outcome outcome) {
        GenerationRecord known = records.get(id);
        if (known != null) {
            GenerationRecord restated = known.with(outcome);
            records.put(restated.generation().id(), restated);
            entries.computeIfPresent(restated.generation().id(), (same, entry) -> restated.billEntry());
        }
    }

    /** Says of a generation, if it is known, that its model failed: it costs nothing and is not on the bill. */
    public synchronized void fail(@Nullable String id) {
        GenerationRecord known = records.get(id);
        if (known != null) {
            note(known.failed());
            entries.remove(known.generation().id());
        }
    }

    /** The generation, or null if there is none or it is not shown yet. Each call counts as one ask. */
    public synchronized @Nullable GenerationRecord ask(String id) {
        GenerationRecord known = records.get(id);
        return known != null && asks.merge(id, 1, Integer::sum) >= asksUntilShown ? known : null;
    }

    /** What one generation was billed, or null if it was not, or is not known any more. */
    public synchronized @Nullable BillEntry entry(@Nullable String id) {
        return entries.get(id);
    }

    public synchronized Bill bill() {
        return new Bill(List.copyOf(entries.values()), droppedEntries, sum(droppedCosts.values()));
    }

    /** What was billed for generations created on this day, by UTC, or later. */
    public synchronized BigDecimal totalSince(LocalDate day) {
        List<BigDecimal> costs = new ArrayList<>(droppedCosts.tailMap(day).values());
        records.values().stream()
                .filter(each -> !day(each.generation().createdAt()).isBefore(day))
                .forEach(each -> costs.add(each.cost()));
        return sum(costs);
    }

    private static BigDecimal sum(Collection<BigDecimal> costs) {
        return costs.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
