package dev.portolan.cost;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.budget.BudgetBook;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes to a ledger on a thread of its own, so that no call waits for the disk.
 *
 * <p><b>What a crash can lose:</b> every record that has not been written yet, which is at most the capacity and up to 500 more
 * that are being written. {@link #close()} and {@link #flush()} write all of them; a process that ends without
 * closing, even in good order, loses them. {@link CostTracking} takes a call for written down once it is handed over here, so
 * that these leave no note either. Where each record counts, use the ledger as it is.
 *
 * <p>A record that the ledger refuses is logged and counted ({@link #failedRecords()}), and lost; a {@link JournaledLedger}
 * inside keeps it. Queries and settlements wait until what was recorded before them is written.
 *
 * <p>Thread-safe. The thread is a daemon.
 */
public final class AsyncLedger extends LedgerInFront {
    /** How many records may wait unless said otherwise. */
    public static final int DEFAULT_CAPACITY = 10_000;

    private static final System.Logger LOG = System.getLogger(AsyncLedger.class.getName());
    private static final int AT_ONCE = 500;

    private final Ledger ledger;
    private final int capacity;
    private final WhenFull whenFull;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<CostEvent> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long taken;
    private long done;
    private long failed;
    private boolean closed;

    /** What becomes of a record when as many wait as may. */
    public enum WhenFull {
        /** The call waits until there is room. */
        BLOCK,
        /** {@code record} throws a {@link LedgerException}; the call goes on, and is not recorded. */
        REFUSE
    }

    /** With room for {@value #DEFAULT_CAPACITY} records; the call waits when there is none. */
    public AsyncLedger(Ledger ledger) {
        this(ledger, DEFAULT_CAPACITY, WhenFull.BLOCK);
    }

    /**
     * Writes to a ledger later.
     *
     * @param ledger closed with this
     * @param capacity how many records may wait, at least 1
     * @param whenFull what becomes of more
     */
    public AsyncLedger(Ledger ledger, int capacity, WhenFull whenFull) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "The capacity of a ledger's queue is " + capacity + "; expected 1 or more");
        }
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.capacity = capacity;
        this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
        this.thread = new Thread(this::writeAll, "portolan-ledger");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Has a call written down soon. Does not heed interrupts.
     *
     * @throws LedgerException if the queue is full and refuses, or is closed
     */
    @Override
    public void record(CostEvent event) {
        CostEvent entry = Entries.checked(event);
        lock.lock();
        try {
            while (waiting.size() >= capacity && !closed) {
                if (whenFull == WhenFull.REFUSE) {
                    throw new LedgerException(
                            "Call " + event.callId() + " was not recorded: " + capacity + " records wait for " + ledger
                                    + " already. Give the queue more room, or let it block",
                            null);
                }
                changed.awaitUninterruptibly();
            }
            if (closed) {
                throw new LedgerException("Call " + event.callId() + " was not recorded: the ledger is closed", null);
            }
            waiting.add(entry);
            taken++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void recordAll(List<CostEvent> events) {
        events.forEach(Entries::checked);
        events.forEach(this::record);
    }

    /** Waits until everything recorded before is written. Does not heed interrupts. */
    public void flush() {
        lock.lock();
        try {
            long until = taken;
            while (done < until) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many records the ledger did not take. */
    public long failedRecords() {
        lock.lock();
        try {
            return failed;
        } finally {
            lock.unlock();
        }
    }

    Ledger ledger() {
        return ledger;
    }

    private void writeAll() {
        for (List<CostEvent> events = next(); !events.isEmpty(); events = next()) {
            long refused = 0;
            try {
                ledger.recordAll(events);
            } catch (RuntimeException together) {
                for (CostEvent event : events) {
                    try {
                        ledger.record(event);
                    } catch (RuntimeException e) {
                        refused++;
                        LOG.log(System.Logger.Level.ERROR, "A record of call " + event.callId() + " was not taken", e);
                    }
                }
            }
            lock.lock();
            try {
                failed += refused;
                done += events.size();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Empty once this is closed and nothing waits. */
    private List<CostEvent> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            List<CostEvent> events = new ArrayList<>();
            while (!waiting.isEmpty() && events.size() < AT_ONCE) {
                events.add(waiting.remove());
            }
            changed.signalAll();
            return events;
        } finally {
            lock.unlock();
        }
    }

    /** Once what waits is written. */
    @Override
    Ledger asked() {
        flush();
        return ledger;
    }

    /**
     * Those of the ledger inside: a call that still waits to be written is counted by what was put by for it. Listeners are told
     * of thresholds on the thread that writes.
     */
    @Override
    public BudgetBook budgets() {
        return ledger.budgets();
    }

    /** Takes no more records, writes those that wait, and closes the ledger. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        flush();
        ledger.close();
    }

    @Override
    public String toString() {
        return "AsyncLedger[" + ledger + "]";
    }
}
