package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.BudgetState;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of a ledger that is opened only when it is needed. A file is there if there are any, so that the call of a program
 * that has none need not open the ledger to ask. Thread-safe.
 */
final class DeferredBudgets implements BudgetBook {
    private final Path mark;
    private final Supplier<Ledger> opener;
    private final List<Consumer<BudgetAlert>> listeners = new ArrayList<>();
    private volatile @Nullable BudgetBook book;

    /**
     * Not opened yet.
     *
     * @param opener opens the ledger, and calls {@link #opened}
     */
    DeferredBudgets(Path mark, Supplier<Ledger> opener) {
        this.mark = mark;
        this.opener = opener;
    }

    /** The ledger is open, for whatever reason; budgets that somebody else has set are known from now on. */
    void opened(BudgetBook newBook) {
        synchronized (listeners) {
            listeners.forEach(newBook::listen);
            book = newBook;
        }
        if (!Files.exists(mark) && !newBook.budgets().isEmpty()) {
            mark();
        }
    }

    private BudgetBook book() {
        BudgetBook open = book;
        return open != null ? open : opener.get().budgets();
    }

    /** Whether the ledger need not be asked. */
    private boolean isNone() {
        return book == null && !Files.exists(mark);
    }

    @Override
    public void set(Budget budget) {
        mark();
        book().set(budget);
        // Again, in case that another process has just removed the last one.
        mark();
    }

    @Override
    public boolean remove(String name) {
        BudgetBook open = book();
        boolean removed = open.remove(name);
        if (open.budgets().isEmpty()) {
            unmark();
            if (!open.budgets().isEmpty()) {
                mark();
            }
        }
        return removed;
    }

    private void mark() {
        try {
            Path folder = mark.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.createFile(mark);
        } catch (FileAlreadyExistsException marked) {
            // as it should be
        } catch (IOException e) {
            throw new LedgerException(
                    "The file " + mark + ", by which calls know that there are budgets, cannot be made: "
                            + e.getMessage() + ". Make room, or let " + LedgerFactory.JOURNAL
                            + " name a file in another folder",
                    e);
        }
    }

    private void unmark() {
        try {
            Files.deleteIfExists(mark);
        } catch (IOException e) {
            // Then calls ask the ledger, and hear that there is none.
            System.getLogger(DeferredLedger.class.getName())
                    .log(System.Logger.Level.DEBUG, "The file " + mark + " cannot be deleted", e);
        }
    }

    @Override
    public List<Budget> budgets() {
        return book().budgets();
    }

    @Override
    public List<Budget> budgetsFor(ModelId model, Map<String, String> tags) {
        return isNone() ? List.of() : book().budgetsFor(model, tags);
    }

    @Override
    public List<BudgetState> states(Instant now) {
        return book().states(now);
    }

    @Override
    public void reserve(
            String callId, ModelId model, Map<String, String> tags, BigDecimal amount, Instant now, Instant lapses) {
        if (!isNone()) {
            book().reserve(callId, model, tags, amount, now, lapses);
        }
    }

    @Override
    public void release(String callId) {
        if (!isNone()) {
            book().release(callId);
        }
    }

    @Override
    public void listen(Consumer<BudgetAlert> listener) {
        synchronized (listeners) {
            BudgetBook open = book;
            if (open != null) {
                open.listen(listener);
            } else {
                listeners.add(listener);
            }
        }
    }
}
