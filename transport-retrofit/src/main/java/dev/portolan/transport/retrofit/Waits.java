package dev.portolan.transport.retrofit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How calls wait between attempts; ended all at once when the transport is closed. Thread-safe. */
class Waits {
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The time of a clock that is only good for differences. */
    long nanoTime() {
        return System.nanoTime();
    }

    /**
     * Waits.
     *
     * @return whether the wait was over; otherwise the transport was closed
     * @throws InterruptedException if the thread was interrupted
     */
    boolean await(Duration time) throws InterruptedException {
        return !closed.await(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
    }

    /** Ends all waits, and each that begins from now on. */
    final void close() {
        closed.countDown();
    }
}
