package dev.portolan.testkit.simulator;

import java.util.ArrayList;
import java.util.List;

/** Collects what is billed, in order. */
final class Ledger {
    private final List<BillEntry> entries = new ArrayList<>();

    synchronized void add(BillEntry entry) {
        entries.add(entry);
    }

    synchronized Bill bill() {
        return new Bill(entries);
    }
}
