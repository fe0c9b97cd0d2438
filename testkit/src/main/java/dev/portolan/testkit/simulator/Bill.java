package dev.portolan.testkit.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a simulator charged so far: the other side of the books, for tests of cost accounting. Immutable.
 *
 * <p>Refused requests, canned answers, answers from the response cache and streams of images that were left before the
 * last was complete cost nothing and have no entry (OpenRouter reference: routing §6 and §9, images §1).
 *
 * @param entries one entry for each generation, in the order in which they were billed; the newest {@link
 *     OpenRouterSimulator.Builder#kept} of them
 * @param droppedEntries how many older ones there were, 0 or more
 * @param droppedCost what those cost in all, in US dollars, exact
 */
public record Bill(List<BillEntry> entries, long droppedEntries, BigDecimal droppedCost) {
    /** Copies the entries. */
    public Bill {
        entries = List.copyOf(entries);
        Objects.requireNonNull(droppedCost, "droppedCost");
    }

    /**
     * The exact sum of all that was charged, entries that are no longer kept included.
     *
     * @return US dollars; zero if nothing was charged
     */
    public BigDecimal total() {
        return entries.stream().map(BillEntry::cost).reduce(droppedCost, BigDecimal::add);
    }

    /**
     * Finds the entry of one generation.
     *
     * @param generationId the id that the answer carried, as its {@code id} and in the header {@code X-Generation-Id}
     * @return the entry, or empty if this generation was not billed or its entry is no longer kept
     */
    public Optional<BillEntry> entry(String generationId) {
        return entries.stream()
                .filter(entry -> entry.generationId().equals(generationId))
                .findFirst();
    }
}
