package dev.portolan.cost.account;

import java.time.Instant;
import java.util.Comparator;

/**
 * Names an account: one share of one budget in one period. In the order in which accounts are locked.
 *
 * @param budget the budget's name
 * @param share as in {@link dev.portolan.cost.budget.BudgetState#share()}
 * @param since when the period began
 */
public record AccountKey(String budget, String share, Instant since) implements Comparable<AccountKey> {
    private static final Comparator<AccountKey> ORDER = Comparator.comparing(AccountKey::budget)
            .thenComparing(AccountKey::share)
            .thenComparing(AccountKey::since);

    @Override
    public int compareTo(AccountKey other) {
        return ORDER.compare(this, other);
    }
}
