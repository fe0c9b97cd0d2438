package dev.portolan.testkit.fake;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The books of a provider, as a test writes them. What is not written in them is not there yet, as with real books, which
 * are written with a delay: to play that, add the bill later. Thread-safe.
 */
public final class FakeBilling implements BillingPort {
    private final Map<String, Bill> bills = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** Books without a record. */
    public FakeBilling() {}

    /** Writes down what a generation cost, in US dollars, such as {@code 0.0001}; its usage is not told. */
    public FakeBilling bill(String generationId, String dollars) {
        return bill(generationId, new Bill(Terms.dollars(dollars), Usage.NOT_REPORTED));
    }

    /** Writes down a bill; with {@link Cost#UNKNOWN} for a record that does not say. */
    public synchronized FakeBilling bill(String generationId, Bill bill) {
        bills.put(generationId, bill);
        return this;
    }

    /** The generations that were asked for, in order. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** Forgets all bills, and what was asked. */
    public synchronized void reset() {
        bills.clear();
        asked.clear();
    }

    @Override
    public synchronized Optional<Bill> find(ModelId model, String generationId) {
        asked.add(generationId);
        return Optional.ofNullable(bills.get(generationId));
    }
}
