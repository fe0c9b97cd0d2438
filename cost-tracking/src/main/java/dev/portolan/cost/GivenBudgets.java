package dev.portolan.cost;

import dev.portolan.api.Request;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetBook;
import java.util.List;

/** Sets the budgets that are given in code before the first call that their ledger can be reached for. Thread-safe. */
final class GivenBudgets implements SpendingGuard {
    private final List<Budget> budgets;
    private final BudgetBook book;
    private final SpendingGuard guard;
    private volatile boolean set;

    GivenBudgets(List<Budget> budgets, BudgetBook book, SpendingGuard guard) {
        this.budgets = budgets;
        this.book = book;
        this.guard = guard;
    }

    @Override
    public Reservation reserve(String callId, Request request) {
        if (!set) {
            try {
                // By several calls at once, perhaps: to set a budget again changes nothing.
                budgets.forEach(book::set);
                set = true;
            } catch (LedgerException | ConfigurationException down) {
                // The guard asks the same ledger, and knows what is to be done and said when it is down.
            }
        }
        return guard.reserve(callId, request);
    }
}
