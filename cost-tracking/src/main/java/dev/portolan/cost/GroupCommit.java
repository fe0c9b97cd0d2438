package dev.portolan.cost;

import dev.portolan.api.cost.CostEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets records that come at the same time share a transaction: while one is being written, those that come meanwhile wait, and
 * are the next one together, in the order in which they came. One that comes alone is written at once. Each caller returns when
 * its own records are written, or throws what kept them from it. Does not heed interrupts. Thread-safe.
 */
final class GroupCommit {
    private static final int MOST_ENTRIES = 500;

    private final Consumer<List<CostEvent>> transaction;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Request> waiting = new ArrayDeque<>();
    private boolean writing;

    /** What one caller has to write: all of it or nothing. Guarded by the lock. */
    private static final class Request {
        final List<CostEvent> entries;

        @Nullable RuntimeException failure;

        boolean done;

        Request(List<CostEvent> entries) {
            this.entries = entries;
        }
    }

    /**
     * Shares out transactions.
     *
     * @param transaction writes all entries or, if it throws, none; called by one thread at a time
     */
    GroupCommit(Consumer<List<CostEvent>> transaction) {
        this.transaction = transaction;
    }

    void write(List<CostEvent> entries) {
        Request mine = new Request(entries);
        lock.lock();
        try {
            waiting.add(mine);
            while (!mine.done) {
                if (writing) {
                    changed.awaitUninterruptibly();
                } else {
                    writeNext();
                }
            }
        } finally {
            lock.unlock();
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
    }

    /** Leaves the lock while it writes. */
    private void writeNext() {
        List<Request> group = next();
        writing = true;
        lock.unlock();
        try {
            writeTogether(group);
        } finally {
            lock.lock();
            writing = false;
            group.forEach(request -> request.done = true);
            changed.signalAll();
        }
    }

    private void writeTogether(List<Request> group) {
        RuntimeException failure = attempt(
                group.stream().flatMap(request -> request.entries.stream()).toList());
        if (failure instanceof LedgerException refused && refused.isOfTheRecord() && group.size() > 1) {
            // One of them takes no other with it.
            group.forEach(request -> request.failure = attempt(request.entries));
        } else {
            group.forEach(request -> request.failure = failure);
        }
    }

    private @Nullable RuntimeException attempt(List<CostEvent> entries) {
        try {
            transaction.accept(entries);
            return null;
        } catch (RuntimeException e) {
            return e;
        } catch (Error e) {
            // Nobody who waits may take this for a success.
            return new LedgerException(entries.size() + " calls were not recorded: " + e, e);
        }
    }

    private List<Request> next() {
        List<Request> group = new ArrayList<>();
        int entries = 0;
        while (!waiting.isEmpty()
                && (group.isEmpty() || entries + waiting.element().entries.size() <= MOST_ENTRIES)) {
            Request request = waiting.remove();
            entries += request.entries.size();
            group.add(request);
        }
        return group;
    }
}
