package dev.portolan.testkit.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What a simulator charged so far: the other side of the books, for tests of cost accounting. Immutable.
 *
 * <p>Refused requests, canned answers, answers from the response cache and streams of images that were left before the
 * last was complete cost nothing and have no entry (routing.md §6 and §9, images.md §1).
 *
 * @param entries one entry for each generation, in the order in which they were billed
 */
public record Bill(List<BillEntry> entries) {
    /** Copies the entries. */
    public Bill {
        entries = List.copyOf(entries);
    }

    /**
     * The exact sum of all entries.
     *
     * @return US dollars; zero if there are no entries
     */
    public BigDecimal total() {
        return entries.stream().map(BillEntry::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /**
     * Finds the entry of one generation.
     *
     * @param generationId the id that the answer carried, as its {@code id} and in the header {@code X-Generation-Id}
     * @return the entry, or empty if this generation was not billed
     */
    public Optional<BillEntry> entry(String generationId) {
        return entries.stream()
                .filter(entry -> entry.generationId().equals(generationId))
                .findFirst();
    }
}
