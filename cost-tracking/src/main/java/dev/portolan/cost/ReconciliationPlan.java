package dev.portolan.cost;

import java.time.Duration;

/**
 * When the provider is asked what a call did cost, if its reply did not tell.
 *
 * @param firstDelay from the end of the call to the first time that is asked, and from there to the second; each further one
 *     comes after twice the time. More than 0
 * @param longestDelay what it is doubled to; at least {@code firstDelay}
 * @param givesUpAfter from the end of the call; what is not known then stays listed as {@link Ledger#unsettled}
 * @param leftoversAfter how old a call of another process must be before this one asks for it: its own process, if it lives, does
 *     so earlier. Calls of a process that is known to have ended are asked for at once
 * @param estimatesToo whether costs that were estimated are replaced by what the provider says; of calls of this process only
 */
public record ReconciliationPlan(
        Duration firstDelay,
        Duration longestDelay,
        Duration givesUpAfter,
        Duration leftoversAfter,
        boolean estimatesToo) {
    /** After 1, 2, 4 … seconds up to 10 minutes, for a day; leftovers after 5 minutes; unknown costs only. */
    public static final ReconciliationPlan DEFAULT = new ReconciliationPlan(
            Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofHours(24), Duration.ofMinutes(5), false);

    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public ReconciliationPlan {
        if (firstDelay.isNegative() || firstDelay.isZero()) {
            throw new IllegalArgumentException(
                    "The first delay of a reconciliation is " + firstDelay + "; expected more than 0");
        }
        if (longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("The longest delay of a reconciliation is " + longestDelay
                    + "; expected the first delay, " + firstDelay + ", or more");
        }
        if (givesUpAfter.isNegative() || leftoversAfter.isNegative()) {
            throw new IllegalArgumentException("A reconciliation gives up after " + givesUpAfter
                    + " and takes leftovers after " + leftoversAfter + "; expected 0 or more");
        }
    }

    /** The same with other delays. */
    public ReconciliationPlan withDelays(Duration first, Duration longest) {
        return new ReconciliationPlan(first, longest, givesUpAfter, leftoversAfter, estimatesToo);
    }

    /** The same, giving up earlier or later. */
    public ReconciliationPlan withGivesUpAfter(Duration age) {
        return new ReconciliationPlan(firstDelay, longestDelay, age, leftoversAfter, estimatesToo);
    }

    /** The same, taking the calls of other processes earlier or later. */
    public ReconciliationPlan withLeftoversAfter(Duration age) {
        return new ReconciliationPlan(firstDelay, longestDelay, givesUpAfter, age, estimatesToo);
    }

    /** The same, with estimates or without. */
    public ReconciliationPlan withEstimatesToo(boolean too) {
        return new ReconciliationPlan(firstDelay, longestDelay, givesUpAfter, leftoversAfter, too);
    }

    /** After so many tries in vain. */
    Duration delay(int tries) {
        Duration delay = firstDelay;
        for (int i = 1; i < tries && delay.compareTo(longestDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
    }
}
