package dev.portolan.api.cost;

import dev.portolan.api.Request;

/**
 * Is asked before each call, of any port and any provider, whether it may be made, and told how it ended. A budget is one.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface SpendingGuard {
    /**
     * Lets a call through, with money put by for it if need be. Nothing has been sent yet.
     *
     * @param callId the name that the call's {@link CostEvent} will have
     * @param request what is to be asked
     * @return told how the call ended; {@link Reservation#NONE} if nobody needs to know
     * @throws dev.portolan.api.error.BudgetExceededException to refuse the call
     */
    Reservation reserve(String callId, Request request);

    /** Money put by for a call that is under way. */
    @FunctionalInterface
    interface Reservation {
        /** Nothing put by. */
        Reservation NONE = event -> {};

        /**
         * A stream has told under which generation id the provider will know what it cost, and who answers if that is known
         * too. Called at most once, before {@link #settle}; not at all for calls that are not streamed. What this throws is
         * treated as with a {@link CostSink}.
         */
        default void answered(CostEvent.AnsweredBy by) {}

        /**
         * The call has ended. Called once, before the sinks are told; what this throws is treated as with a
         * {@link CostSink}.
         */
        void settle(CostEvent event);
    }
}
