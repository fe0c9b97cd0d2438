package dev.portolan.cost.account;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.account.Accounts.Decision;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.BudgetState;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** The budgets of one ledger: applies the rules within its transactions, and tells listeners after them. Thread-safe. */
public final class LedgerBudgets implements BudgetBook {
    private static final System.Logger LOG = System.getLogger(BudgetBook.class.getName());
    private static final int LONGEST_ID = 500;
    private static final int MOST_DIGITS = 1000;

    private final Transactions transactions;
    private final Clock clock;
    private final List<Consumer<BudgetAlert>> listeners = new CopyOnWriteArrayList<>();

    /** Runs work on what a ledger keeps. What the work returns is what is returned; it may be run more than once. */
    public interface Transactions {
        /**
         * All of it or nothing.
         *
         * @param what for messages, as in "could not <i>set a budget</i>"
         */
        <T> T write(String what, Function<AccountStore, T> work);

        /** Everything as of one moment. */
        <T> T read(Function<AccountStore, T> work);

        /** A single look, as quickly as can be. */
        <T> T glance(Function<AccountStore, T> work);
    }

    /**
     * Of a ledger.
     *
     * @param clock says which period is the current one when a budget is set
     */
    public LedgerBudgets(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void set(Budget budget) {
        Objects.requireNonNull(budget, "budget");
        // Every process sets at its start what its code gives: mostly it stands, and no record has to wait for a look
        // at it.
        if (transactions.glance(store -> new Accounts(store, clock.instant()).stands(budget))) {
            return;
        }
        transactions.write("set the budget '" + budget.name() + "'", store -> {
            new Accounts(store, clock.instant()).set(budget);
            return true;
        });
    }

    @Override
    public boolean remove(String name) {
        Objects.requireNonNull(name, "name");
        return transactions.write(
                "remove the budget '" + name + "'", store -> new Accounts(store, clock.instant()).remove(name));
    }

    @Override
    public List<Budget> budgets() {
        return transactions.read(LedgerBudgets::all);
    }

    @Override
    public List<Budget> budgetsFor(ModelId model, Map<String, String> tags) {
        return transactions.glance(LedgerBudgets::all).stream()
                .filter(budget -> budget.scope().shareOf(model, tags) != null)
                .toList();
    }

    private static List<Budget> all(AccountStore store) {
        return store.budgets().stream().map(CountedBudget::budget).toList();
    }

    @Override
    public List<BudgetState> states(Instant now) {
        return transactions.read(store -> new Accounts(store, now).states());
    }

    @Override
    public void reserve(
            String callId, ModelId model, Map<String, String> tags, BigDecimal amount, Instant now, Instant lapses) {
        if (callId.isBlank() || callId.length() > LONGEST_ID) {
            throw new IllegalArgumentException("A call id has " + callId.length() + " characters; expected 1 to "
                    + LONGEST_ID + ", not all blank");
        }
        if (amount.signum() < 0 || amount.precision() > MOST_DIGITS || Math.abs((long) amount.scale()) > MOST_DIGITS) {
            throw new IllegalArgumentException("The amount to put by for call " + callId
                    + " is negative or has more than " + MOST_DIGITS + " digits; expected 0 or more dollars");
        }
        Objects.requireNonNull(lapses, "lapses");
        BigDecimal rounded = Reserved.roundedUp(amount);
        Decision decision = transactions.write(
                "put money by for call " + callId,
                store -> new Accounts(store, now).reserve(callId, model, tags, rounded, lapses));
        tell(decision.alerts());
        if (decision.refusal() != null) {
            throw decision.refusal().exception();
        }
    }

    @Override
    public void release(String callId) {
        Objects.requireNonNull(callId, "callId");
        transactions.write("give back the money of call " + callId, store -> {
            new Accounts(store, clock.instant()).release(callId);
            return true;
        });
    }

    @Override
    public void listen(Consumer<BudgetAlert> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    /** Counts entries, within the transaction that writes them. Returns what is to be told once that is done. */
    public List<BudgetAlert> recorded(AccountStore store, List<CostEvent> written) {
        return new Accounts(store, clock.instant()).recorded(written);
    }

    /** Counts the change of an entry, within the transaction that makes it. Returns what is to be told once that is done. */
    public List<BudgetAlert> settled(AccountStore store, CostEvent before, CostEvent after) {
        return new Accounts(store, clock.instant()).settled(before, after);
    }

    /** Tells the listeners, outside of any transaction. */
    public void tell(List<BudgetAlert> alerts) {
        for (BudgetAlert alert : alerts) {
            for (Consumer<BudgetAlert> listener : listeners) {
                try {
                    listener.accept(alert);
                } catch (RuntimeException e) {
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "A listener failed when it was told of the budget '"
                                    + alert.state().budget().name() + "'",
                            e);
                }
            }
        }
    }
}
