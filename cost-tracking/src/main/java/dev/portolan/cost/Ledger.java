package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.budget.BudgetBook;
import java.util.List;
import java.util.Optional;

/**
 * The book of all calls: each is written down once, and what they cost is added up to the last digit.
 *
 * <p>A call is known by its {@link CostEvent#callId() call id} and by each of its provider's generation ids: an event that
 * shares one of them with an entry is that entry told again, and changes nothing. What cannot be written down by any ledger
 * is refused with an {@link IllegalArgumentException}: a call id that is blank or longer than 500 characters, an amount with
 * more than 1000 digits or more than 1000 places before or after the point, a time before 1678 or after 2261. Of the
 * generation ids those of 1 to 500 characters are kept, each once.
 *
 * <p>Thread-safe. What a method does with a ledger that cannot be reached is said by each ledger; none of them returns
 * results that are known to be wrong.
 */
public interface Ledger extends CostSink, AutoCloseable {
    /**
     * Writes a call down, unless it is there. On return the entry survives a crash, as far as the ledger is made for that.
     *
     * @throws LedgerException if it could not be written
     */
    @Override
    void record(CostEvent event);

    /**
     * Writes calls down, in this order; those that are there are passed over. A ledger with transactions writes all of them
     * or none.
     *
     * @throws LedgerException if one could not be written
     */
    void recordAll(List<CostEvent> events);

    /** The entry of a call. */
    Optional<CostEvent> find(String callId);

    /** The entries that match, oldest first; at most {@link LedgerQuery#limit()} of them. */
    List<CostEvent> entries(LedgerQuery query);

    /**
     * What the calls that match cost, added up exactly for each key and currency, in the order of the keys; calls that have no
     * key come first. {@link LedgerQuery#limit()} does not count here.
     */
    List<Total> totals(Grouping by, LedgerQuery query);

    /**
     * The same by two things at once, such as the day and the model, in the order of the rows and then of the columns. Worked
     * out from {@link #entries} unless a ledger knows better.
     *
     * @param rows gives {@link CrossTotal#row()}
     * @param columns gives the key of {@link CrossTotal#total()}
     */
    default List<CrossTotal> totals(Grouping rows, Grouping columns, LedgerQuery query) {
        CrossTally tally = new CrossTally();
        entries(query.withLimit(Integer.MAX_VALUE))
                .forEach(entry -> tally.row(rows.keyOf(entry)).add(columns.keyOf(entry), entry));
        return tally.totals();
    }

    /**
     * The names of the tags that the calls that match have, in alphabetical order. Worked out from {@link #entries} unless a
     * ledger knows better. {@link LedgerQuery#limit()} does not count here.
     */
    default List<String> tagNames(LedgerQuery query) {
        return entries(query.withLimit(Integer.MAX_VALUE)).stream()
                .flatMap(entry -> entry.tags().keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The entries that match, newest first; at most {@link LedgerQuery#limit()} of them. Worked out from {@link #entries}
     * unless a ledger knows better.
     */
    default List<CostEvent> latest(LedgerQuery query) {
        return entries(query.withLimit(Integer.MAX_VALUE)).stream()
                .sorted(Entries.OLDEST_FIRST.reversed())
                .limit(query.limit())
                .toList();
    }

    /**
     * The entries that match and of which the cost is not known, whether it can be asked for or not; oldest first, at most
     * {@link LedgerQuery#limit()} of them. Worked out from {@link #entries} unless a ledger knows better.
     */
    default List<CostEvent> unknown(LedgerQuery query) {
        return entries(query.withLimit(Integer.MAX_VALUE)).stream()
                .filter(entry -> !entry.cost().isKnown())
                .limit(query.limit())
                .toList();
    }

    /**
     * The entries of which the cost is not known but can be asked for, since the provider gave them a generation id; oldest
     * first.
     *
     * @param limit at most so many, at least 1
     */
    List<CostEvent> unsettled(int limit);

    /**
     * Writes down what a call did cost. An unknown or estimated cost is replaced; one that the provider reported stands.
     *
     * @param cost a known cost
     * @param usage the tokens; {@link Usage#NOT_REPORTED} leaves them as they are
     * @return whether the entry was changed: false if there is none, or its cost was reported already
     * @throws IllegalArgumentException if the cost is not known
     */
    boolean settle(String callId, Cost cost, Usage usage);

    /**
     * The budgets that are kept with the entries, and count what is spent by them.
     *
     * @return the same book each time
     */
    BudgetBook budgets();

    /** Writes what is still to be written, and releases what the ledger holds. Doing it again has no effect. */
    @Override
    void close();
}
