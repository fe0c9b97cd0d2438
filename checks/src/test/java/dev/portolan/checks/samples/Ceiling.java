package dev.portolan.checks.samples;

import dev.portolan.api.Request;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ErrorDetails;
import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicReference;

// sample: guard_ceiling
final class Ceiling implements SpendingGuard {
    private final BigDecimal limit;
    private final AtomicReference<BigDecimal> spent = new AtomicReference<>(BigDecimal.ZERO);

    Ceiling(String dollars) {
        limit = new BigDecimal(dollars);
    }

    @Override
    public Reservation reserve(String callId, Request request) {
        if (spent.get().compareTo(limit) >= 0) {
            throw new BudgetExceededException(
                    "This program has spent $" + limit + "; raise its ceiling, or restart it",
                    ErrorDetails.NONE.withModel(request.model()));
        }
        return event -> { // how the call ended
            if (event.cost().isKnown()) {
                spent.accumulateAndGet(event.cost().amount(), BigDecimal::add);
            }
        };
    }
}
// end
