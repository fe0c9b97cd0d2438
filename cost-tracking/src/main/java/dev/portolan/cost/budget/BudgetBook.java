package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The budgets of a ledger, and how it stands with them. Where a ledger is shared by several processes, so are its budgets.
 * What has been spent is always what the ledger's entries say: it is changed in the same transaction as they are. Thread-safe.
 */
public interface BudgetBook {
    /**
     * Sets a budget, in place of the one of that name if there is one. What was spent in the current period counts already.
     */
    void set(Budget budget);

    /** Ends a budget. Returns false if there is none of that name. */
    boolean remove(String name);

    /** The budgets, by name. */
    List<Budget> budgets();

    /** How it stands with each share of each budget at a time, by budget and share; a budget without a share has one, empty. */
    List<BudgetState> states(Instant now);

    /**
     * Puts money by for a call, out of every budget that is for it, or out of none.
     *
     * @param callId the name of the call; its entry in the ledger, or {@link #release}, gives the money back
     * @param model the model that is asked
     * @param tags on whose account
     * @param amount what it may cost at most, in US dollars; 0 if that is not known
     * @param now the time of the call
     * @param lapses when the money is free again if nothing is heard of the call any more
     * @throws dev.portolan.api.error.BudgetExceededException if a budget that refuses has not so much left, or nothing; no
     *     money is put by then
     */
    void reserve(
            String callId, ModelId model, Map<String, String> tags, BigDecimal amount, Instant now, Instant lapses);

    /** Gives back what was put by for a call that is not entered in the ledger, because it was not made. */
    void release(String callId);

    /**
     * Has someone told of thresholds that are reached and calls that are refused, as far as this process causes it; on the
     * thread of the call. What the listener throws is logged.
     */
    void listen(Consumer<BudgetAlert> listener);
}
