package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The budgets of a ledger, and how it stands with them. Where a ledger is shared by several processes, so are its budgets: what
 * one process sets holds for the next call of every other.
 *
 * <p>What has been spent is always the exact sum of the ledger's entries that are in US dollars and began in the period: it is
 * changed in the same transaction as they are, when a call is recorded and when it is settled. An entry whose cost is known
 * gives back what was put by for its call. An entry whose cost is not known keeps it, since the money may have been spent: until
 * the entry is settled, or until the reservation lapses.
 *
 * <p>Thread-safe. A ledger that cannot be reached is a {@link dev.portolan.cost.LedgerException}.
 */
public interface BudgetBook {
    /**
     * Sets a budget, in place of the one of that name if there is one; one that is equal stays as it is, with all that was told
     * of it. What was spent in the current period counts already; for as long as that is added up, other records wait. Listeners
     * are not told of thresholds that were reached before. What is put by for calls under way stays so, unless a budget is
     * replaced by one with another scope or period.
     */
    void set(Budget budget);

    /** Ends a budget. Returns false if there is none of that name. */
    boolean remove(String name);

    /** The budgets, by name. */
    List<Budget> budgets();

    /** The budgets that are for calls of a model on such an account, by name: a quick look, for each call. */
    default List<Budget> budgetsFor(ModelId model, Map<String, String> tags) {
        return budgets().stream()
                .filter(budget -> budget.scope().shareOf(model, tags) != null)
                .toList();
    }

    /**
     * How it stands with each budget at a time, by name. A budget of which each value of a tag has its own has a state for each
     * value of which something is spent or reserved, by value; any other has one.
     */
    List<BudgetState> states(Instant now);

    /**
     * Puts money by for a call, out of every budget that is for it, or out of none. A second time for the same call it takes the
     * place of the first. However many calls ask at once, in however many processes, what they are given together with what was
     * spent stays within the limit.
     *
     * @param callId the name of the call, 1 to 500 characters; its entry in the ledger, or {@link #release}, gives the money
     *     back
     * @param model the model that is asked
     * @param tags on whose account
     * @param amount what it may cost at most, in US dollars; rounded up to billionths; 0 if it is not known: then
     *     nothing is put by
     * @param now the time of the call
     * @param lapses when the money is free again if nothing is heard of the call any more
     * @throws dev.portolan.api.error.BudgetExceededException if a budget that refuses has not so much left, or, with an amount
     *     of 0, nothing; no money is put by then. Of several it tells the one that renews last
     */
    void reserve(
            String callId, ModelId model, Map<String, String> tags, BigDecimal amount, Instant now, Instant lapses);

    /** Gives back what was put by for a call that is not entered in the ledger, because it was not made. */
    void release(String callId);

    /**
     * Has someone told of thresholds that are reached and calls that are refused, as far as this process causes it: after it is
     * written, on the thread that writes it, which is that of the call or of another. What the
     * listener throws is logged.
     */
    void listen(Consumer<BudgetAlert> listener);
}
