package dev.portolan.api.async;

import org.jspecify.annotations.Nullable;

/**
 * A piece of work that any thread can stop, before or while it is done. It is interrupted under the same lock as it ends,
 * so that the interrupt neither comes after the end nor stays behind for what its thread does next.
 */
final class InterruptibleWork {
    private @Nullable Thread worker;
    private boolean stopped;

    /** Begins the work in this thread, unless it was stopped. */
    synchronized boolean begin() {
        if (stopped) {
            return false;
        }
        worker = Thread.currentThread();
        return true;
    }

    /**
     * Ends the work in the thread that began it.
     *
     * @return whether it was left to come to its end, and what it brought is wanted
     */
    synchronized boolean end() {
        worker = null;
        if (stopped) {
            Thread.interrupted(); // it was meant for this work only
        }
        return !stopped;
    }

    /** Interrupts the work, or has it not begin. Does nothing once it has ended. */
    synchronized void stop() {
        if (!stopped && worker != null) {
            worker.interrupt();
        }
        stopped = true;
    }
}
