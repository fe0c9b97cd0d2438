package dev.portolan.testkit.simulator.state;

import dev.portolan.testkit.simulator.Bill;
import dev.portolan.testkit.simulator.BillEntry;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what is billed, in order, and what else {@code /generation} knows. */
public final class Ledger {
    private final int asksUntilShown;
    private final List<BillEntry> entries = new ArrayList<>();
    private final Map<String, GenerationRecord> records = new LinkedHashMap<>();
    private final Map<String, Integer> asks = new HashMap<>();

    /** Takes how often a generation must be asked for until it is shown: 1 shows it at once. */
    public Ledger(int asksUntilShown) {
        this.asksUntilShown = asksUntilShown;
    }

    public synchronized void bill(GenerationRecord generation) {
        entries.add(generation.billEntry());
        note(generation);
    }

    /** Keeps a generation that is not charged and so not on the bill. */
    public synchronized void note(GenerationRecord generation) {
        records.put(generation.generation().id(), generation);
    }

    /** Says of a generation, if it is known, how far it got to its client, and charges it as before. */
    public synchronized void restate(@Nullable String id, BillEntry.Outcome outcome) {
        GenerationRecord known = records.get(id);
        if (known != null) {
            GenerationRecord restated = known.with(outcome);
            records.put(restated.generation().id(), restated);
            entries.replaceAll(entry -> entry.generationId().equals(id) ? restated.billEntry() : entry);
        }
    }

    /** Says of a generation, if it is known, that its model failed: it costs nothing and is not on the bill. */
    public synchronized void fail(@Nullable String id) {
        GenerationRecord known = records.get(id);
        if (known != null) {
            note(known.failed());
            entries.removeIf(entry -> entry.generationId().equals(id));
        }
    }

    /** The generation, or null if there is none or it is not shown yet. Each call counts as one ask. */
    public synchronized @Nullable GenerationRecord ask(String id) {
        GenerationRecord known = records.get(id);
        return known != null && asks.merge(id, 1, Integer::sum) >= asksUntilShown ? known : null;
    }

    public synchronized Bill bill() {
        return new Bill(entries);
    }

    /** What was billed for generations created at this time or later. */
    public synchronized BigDecimal totalSince(Instant time) {
        return records.values().stream()
                .filter(each -> !each.generation().createdAt().isBefore(time))
                .map(GenerationRecord::cost)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
