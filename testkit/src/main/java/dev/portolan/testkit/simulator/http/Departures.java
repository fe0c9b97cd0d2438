package dev.portolan.testkit.simulator.http;

import java.time.Duration;

/** Counts the clients who went away. */
public final class Departures {
    private int count;

    synchronized void increment() {
        count++;
        notifyAll();
    }

    public synchronized int count() {
        return count;
    }

    public synchronized void reset() {
        count = 0;
    }

    public synchronized boolean await(int wanted, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (count < wanted) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }
}
