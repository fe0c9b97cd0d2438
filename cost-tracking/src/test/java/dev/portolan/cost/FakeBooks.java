package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The books of a provider, which can be closed when a test says so. */
final class FakeBooks implements BillingPort {
    private final Map<String, Bill> bills = new ConcurrentHashMap<>();

    /** The generations that were asked for, in order. */
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    volatile RuntimeException failure;

    FakeBooks bill(String generation, String dollars) {
        return bill(generation, Cost.reported(new BigDecimal(dollars)), Usage.of(7, 3));
    }

    FakeBooks bill(String generation, Cost cost, Usage usage) {
        bills.put(generation, new Bill(cost, usage));
        return this;
    }

    @Override
    public Optional<Bill> find(ModelId model, String generationId) {
        asked.add(generationId);
        RuntimeException fails = failure;
        if (fails != null) {
            throw fails;
        }
        return Optional.ofNullable(bills.get(generationId));
    }
}
