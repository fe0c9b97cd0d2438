package dev.portolan.cost.account;

import dev.portolan.cost.budget.Budget;
import java.time.Instant;
import java.util.Objects;

/**
 * A budget and the accounts that are kept for it. What was spent in earlier periods is added up from the entries when somebody
 * asks, which is rare.
 *
 * @param budget the budget
 * @param from when the first period began of which accounts are kept; one that is missing has nothing spent
 */
public record CountedBudget(Budget budget, Instant from) {
    /** Checks that nothing is missing. */
    public CountedBudget {
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(from, "from");
    }

    /** Whether accounts are kept of the period that began then. */
    boolean counts(Instant since) {
        return !since.isBefore(from);
    }

    AccountKey key(String share, Instant time) {
        return new AccountKey(budget.name(), share, budget.period().start(time));
    }
}
