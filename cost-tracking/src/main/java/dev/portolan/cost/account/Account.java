package dev.portolan.cost.account;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one share of a budget in one period.
 *
 * @param key which
 * @param spent what the ledger's entries say; only kept up if the period is {@link CountedBudget#counts counted}
 * @param told the greatest threshold that was told; {@code null} for none
 * @param refused whether it was told that a call was refused
 * @param exceeded whether it was told that a call was made that breaks the budget
 */
public record Account(
        AccountKey key, BigDecimal spent, @Nullable BigDecimal told, boolean refused, boolean exceeded) {
    /** One of which nothing is known yet. */
    public static Account opened(AccountKey key) {
        return new Account(key, BigDecimal.ZERO, null, false, false);
    }

    Account withSpent(BigDecimal newSpent) {
        return new Account(key, newSpent, told, refused, exceeded);
    }

    Account withTold(BigDecimal threshold) {
        return new Account(key, spent, threshold, refused, exceeded);
    }

    Account asRefused() {
        return new Account(key, spent, told, true, exceeded);
    }

    Account asExceeded() {
        return new Account(key, spent, told, refused, true);
    }
}
