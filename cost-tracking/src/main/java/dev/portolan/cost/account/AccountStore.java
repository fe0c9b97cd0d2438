package dev.portolan.cost.account;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a ledger keeps for its budgets, as one transaction sees and changes it. What must hold between transactions, in one
 * process or several:
 *
 * <ul>
 *   <li>After {@link #holdEntries} no other transaction writes entries until this one ends.
 *   <li>A budget from {@link #heldBudgets} is not changed or removed by another transaction until this one ends; nor is one from
 *       {@link #budgets} in a transaction that has written an entry.
 *   <li>Each method sees what other transactions had written when they released a lock that this one has taken.
 * </ul>
 */
public interface AccountStore {
    /** Keeps entries from being written. Called first in a transaction, if at all. */
    void holdEntries();

    /** The budgets, by name. */
    List<CountedBudget> budgets();

    /** The budgets, by name, kept from being changed. */
    List<CountedBudget> heldBudgets();

    /** Writes a budget, in place of the one of that name. */
    void put(CountedBudget budget);

    /** Removes a budget; its accounts and reservations stay. Returns false if there is none. */
    boolean remove(String budget);

    /** Removes all accounts of a budget. */
    void dropAccounts(String budget);

    /** Removes all reservations out of a budget. */
    void dropReservations(String budget);

    /** An account, made if it is missing, for this transaction alone. Several are locked in their order. */
    Account lock(AccountKey key);

    /** Writes accounts. */
    void write(Collection<Account> accounts);

    /** The accounts of a budget in one period. */
    List<Account> accounts(String budget, Instant since);

    /** What is put by out of an account and has not lapsed, but for this call. */
    BigDecimal reserved(AccountKey key, String exceptCallId, Instant now);

    /** What is put by out of the accounts of a budget in one period and has not lapsed, by share. */
    Map<String, BigDecimal> reserved(String budget, Instant since, Instant now);

    /** Puts money by, in place of what was put by for the call out of the same budget. */
    void reserve(Reserved reserved);

    /** Removes the reservations of calls. */
    void release(Collection<String> callIds);

    /** Removes reservations that have lapsed, except such as another transaction is about to remove. */
    void dropLapsed(Instant now);

    /** As {@link dev.portolan.cost.Ledger#totals}. */
    List<Total> totals(Grouping by, LedgerQuery query);

    /** As {@link dev.portolan.cost.Ledger#entries}. */
    List<CostEvent> entries(LedgerQuery query);
}
