package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.budget.BudgetBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A ledger that may be down without a record being lost: while it is, records go to a journal, a file with one line for each,
 * on the disk before {@code record} returns. When the ledger is back they are written to it, in order and each once, also by a
 * later process.
 *
 * <p>While the ledger is down it is tried again at most once in a while ({@link #DEFAULT_RETRY} by default), by the record or
 * query that comes then; and when this is made, and closed. That attempt lasts as long as the ledger's patience. Queries ask the
 * ledger alone: what waits in the journal is not part of their answers, {@link #isBehind()} tells of it.
 *
 * <p>A line of the journal that cannot be read, since the machine failed while it was written, is logged, kept in a file
 * {@code .damaged} beside, and passed over. The journal may be shared by several processes with the same ledger, not by
 * different ledgers. It holds what the events hold, tags among it, and is readable for its owner only.
 *
 * <p>Thread-safe. If the journal cannot be written either, {@code record} throws a {@link LedgerException}.
 */
public final class JournaledLedger implements Ledger {
    /** How long a ledger that is down is left alone. */
    public static final Duration DEFAULT_RETRY = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(JournaledLedger.class.getName());

    private final Ledger ledger;
    private final Journal journal;
    private final long retryNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock draining = new ReentrantLock();
    private volatile boolean behind;
    private volatile long failedAt;

    /**
     * Keeps what a ledger cannot take in a file, and first hands it what is there.
     *
     * @param ledger closed with this
     * @param journal the file; made, with its folder, when it is needed
     */
    public JournaledLedger(Ledger ledger, Path journal) {
        this(ledger, journal, DEFAULT_RETRY, System::nanoTime);
    }

    JournaledLedger(Ledger ledger, Path journal, Duration retry, LongSupplier nanoTime) {
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.journal = new Journal(journal);
        this.retryNanos = retry.toNanos();
        this.nanoTime = nanoTime;
        this.behind = !this.journal.isEmpty();
        catchUp();
    }

    @Override
    public void record(CostEvent event) {
        recordAll(List.of(event));
    }

    @Override
    public void recordAll(List<CostEvent> events) {
        List<CostEvent> entries = events.stream().map(Entries::checked).toList();
        // An interrupt is for the call, which has ended; it would close the files that are written here.
        boolean interrupted = Thread.interrupted();
        try {
            catchUpIfDue();
            if (!behind) {
                try {
                    ledger.recordAll(entries);
                    return;
                } catch (RuntimeException e) {
                    failed(e);
                }
            }
            for (CostEvent entry : entries) {
                append(entry);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void append(CostEvent entry) {
        try {
            journal.append(entry);
            behind = true;
        } catch (IOException e) {
            throw new LedgerException(
                    "Call " + entry.callId() + " was not recorded: " + ledger + " is down, and the journal " + journal
                            + " cannot be written: " + e.getMessage() + ". Let " + LedgerFactory.JOURNAL
                            + " name a file on a disk with room",
                    e);
        }
    }

    /** Whether records wait in the journal, as far as this process knows. */
    public boolean isBehind() {
        return behind;
    }

    /**
     * Hands the ledger what waits in the journal, now.
     *
     * @return whether nothing waits any more; if not, the reason is in the log
     */
    public boolean catchUp() {
        if (!behind) {
            return true;
        }
        boolean interrupted = Thread.interrupted();
        draining.lock();
        try {
            return drain();
        } finally {
            draining.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void catchUpIfDue() {
        if (behind && nanoTime.getAsLong() - failedAt >= retryNanos && draining.tryLock()) {
            try {
                drain();
            } finally {
                draining.unlock();
            }
        }
    }

    private boolean drain() {
        try {
            // Set first: a record that another thread adds to the journal meanwhile sets it again.
            behind = false;
            journal.drain(ledger::recordAll);
            return !behind;
        } catch (IOException | RuntimeException e) {
            behind = true;
            failed(e);
            return false;
        }
    }

    private void failed(Exception e) {
        failedAt = nanoTime.getAsLong();
        LOG.log(
                System.Logger.Level.WARNING,
                ledger + " is down; records are kept in the journal " + journal + " until it is back",
                e);
    }

    @Override
    public Optional<CostEvent> find(String callId) {
        catchUpIfDue();
        return ledger.find(callId);
    }

    @Override
    public List<CostEvent> entries(LedgerQuery query) {
        catchUpIfDue();
        return ledger.entries(query);
    }

    @Override
    public List<Total> totals(Grouping by, LedgerQuery query) {
        catchUpIfDue();
        return ledger.totals(by, query);
    }

    @Override
    public List<CrossTotal> totals(Grouping rows, Grouping columns, LedgerQuery query) {
        catchUpIfDue();
        return ledger.totals(rows, columns, query);
    }

    @Override
    public List<String> tagNames(LedgerQuery query) {
        catchUpIfDue();
        return ledger.tagNames(query);
    }

    @Override
    public List<CostEvent> latest(LedgerQuery query) {
        catchUpIfDue();
        return ledger.latest(query);
    }

    @Override
    public List<CostEvent> unknown(LedgerQuery query) {
        catchUpIfDue();
        return ledger.unknown(query);
    }

    @Override
    public List<CostEvent> unsettled(int limit) {
        catchUpIfDue();
        return ledger.unsettled(limit);
    }

    @Override
    public boolean settle(String callId, Cost cost, Usage usage) {
        catchUpIfDue();
        return ledger.settle(callId, cost, usage);
    }

    /** Those of the ledger inside: what waits in the journal is counted once the ledger has it. */
    @Override
    public BudgetBook budgets() {
        return ledger.budgets();
    }

    /** Tries once more to hand over what waits, and closes the ledger. What still waits is for the next process. */
    @Override
    public void close() {
        catchUp();
        ledger.close();
    }

    @Override
    public String toString() {
        return "JournaledLedger[" + ledger + ", " + journal + "]";
    }
}
