package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.BudgetState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of a ledger, which gets those that are given in code when it is first asked for any. While they cannot be set, it
 * cannot be asked. Thread-safe.
 */
final class GivenBudgets implements BudgetBook {
    private final List<Budget> given;
    private final BudgetBook book;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean areSet;
    private volatile @Nullable RuntimeException failure;

    GivenBudgets(List<Budget> given, BudgetBook book) {
        this.given = List.copyOf(given);
        this.book = book;
    }

    /** The book with the given budgets in it. */
    private BudgetBook book() {
        if (!areSet) {
            setOnce();
        }
        return book;
    }

    private void setOnce() {
        RuntimeException before = failure;
        lock.lock();
        try {
            if (areSet) {
                return;
            }
            RuntimeException last = failure;
            if (last != null && last != before) {
                // It failed while this call waited: what one has waited out, not every other one has to.
                throw last;
            }
            given.forEach(book::set);
            areSet = true;
        } catch (LedgerException | ConfigurationException e) {
            failure = e;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void set(Budget budget) {
        book().set(budget);
    }

    @Override
    public boolean remove(String name) {
        return book().remove(name);
    }

    @Override
    public List<Budget> budgets() {
        return book().budgets();
    }

    @Override
    public List<Budget> budgetsFor(ModelId model, Map<String, String> tags) {
        return book().budgetsFor(model, tags);
    }

    @Override
    public List<BudgetState> states(Instant now) {
        return book().states(now);
    }

    @Override
    public void reserve(
            String callId, ModelId model, Map<String, String> tags, BigDecimal amount, Instant now, Instant lapses) {
        book().reserve(callId, model, tags, amount, now, lapses);
    }

    @Override
    public void release(String callId) {
        book.release(callId);
    }

    @Override
    public void listen(Consumer<BudgetAlert> listener) {
        book.listen(listener);
    }
}
