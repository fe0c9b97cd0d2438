package dev.portolan.api.spi;

import dev.portolan.api.Request;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;

/**
 * Decides about one call what comes after an attempt that failed before anything of the answer reached the caller: the same
 * request again after a while, one to another model, or the end. Made for each call by a {@link Plan}; used by one thread.
 *
 * @param <Q> the request
 */
public interface Recovery<Q extends Request> {
    /**
     * Makes the recovery of one call, when the call begins.
     *
     * @param <Q> the request
     */
    @FunctionalInterface
    interface Plan<Q extends Request> {
        /** The recovery of a call with this request. */
        Recovery<Q> begin(Q request);
    }

    /**
     * What to try next. May wait, until the thread is interrupted.
     *
     * @param failed the request of the attempt that failed
     * @throws PortolanException if there is no further attempt: {@code failure} itself, or why a wait ended early
     */
    Next<Q> after(Q failed, PortolanException failure);

    /**
     * A further attempt.
     *
     * @param request what to send
     * @param delay how long was waited before it
     * @param <Q> the request
     */
    record Next<Q extends Request>(Q request, Duration delay) {}
}
