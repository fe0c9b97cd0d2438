package dev.portolan.cost;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.budget.BudgetBook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A ledger for programs that run for a moment, such as commands: a record goes to a journal, a file with one line for each, and
 * the database is not opened for it, which takes far longer than a short program otherwise does. A record is on the disk before
 * {@code record} returns.
 *
 * <p>The ledger itself is opened by the first query or settlement, and takes what waits in the journal then, each record once.
 * So does any other program that opens it together with this journal, by a {@link JournaledLedger} or a {@link LedgerFactory};
 * who reads the database by other means does not see what waits. A journal that has grown beyond 4 MB, some ten thousand calls,
 * is handed over when this is closed.
 *
 * <p>Calls are held against {@linkplain #budgets() budgets} all the same: where there are any, the ledger is opened for each
 * call. That there are some is told by a file {@code .budgets} beside the journal, which is made when one is set by this, or when
 * this opens a ledger that has some; budgets that another program sets are heeded from then on.
 *
 * <p>Thread-safe. If the journal cannot be written, {@code record} throws a {@link LedgerException}.
 */
public final class DeferredLedger extends LedgerInFront {
    private static final System.Logger LOG = System.getLogger(DeferredLedger.class.getName());
    private static final long MOST_BYTES = 4 << 20;

    private final Journal journal;
    private final Supplier<? extends Ledger> opener;
    private final long mostBytes;
    private final DeferredBudgets budgets;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Ledger opened;
    private boolean closed;

    /**
     * Keeps records in a journal until the ledger is needed.
     *
     * @param journal the file; made, with its folder, when it is needed
     * @param opener opens the ledger, and has it take what waits in this journal, as a {@link JournaledLedger} does. Asked at
     *     most once, unless it throws; the ledger is closed with this
     */
    public DeferredLedger(Path journal, Supplier<? extends Ledger> opener) {
        this(journal, opener, MOST_BYTES);
    }

    DeferredLedger(Path journal, Supplier<? extends Ledger> opener, long mostBytes) {
        this.journal = new Journal(journal);
        this.opener = Objects.requireNonNull(opener, "opener");
        this.mostBytes = mostBytes;
        this.budgets = new DeferredBudgets(journal.resolveSibling(journal.getFileName() + ".budgets"), this::asked);
    }

    @Override
    public void record(CostEvent event) {
        recordAll(List.of(event));
    }

    @Override
    public void recordAll(List<CostEvent> events) {
        List<CostEvent> entries = events.stream().map(Entries::checked).toList();
        // An interrupt is for the call, which has ended; it would close the file that is written here.
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            checkOpen();
            if (opened != null) {
                opened.recordAll(entries);
                return;
            }
            append(entries);
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void append(List<CostEvent> entries) {
        try {
            journal.append(entries);
        } catch (IOException e) {
            throw new LedgerException(
                    (entries.size() == 1 ? "Call " + entries.get(0).callId() + " was" : entries.size() + " calls were")
                            + " not recorded: the journal " + journal + " cannot be written: " + e.getMessage()
                            + ". Let " + LedgerFactory.JOURNAL + " name a file on a disk with room",
                    e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new LedgerException("The ledger with the journal " + journal + " is closed", null);
        }
    }

    /** The ledger itself, opened if it was not. */
    @Override
    Ledger asked() {
        lock.lock();
        try {
            checkOpen();
            Ledger ledger = opened;
            if (ledger == null) {
                ledger = opener.get();
                opened = ledger;
                if (ledger instanceof JournaledLedger journaled) {
                    // All of it: what is asked for next is to be in the answer.
                    journaled.catchUp();
                }
                budgets.opened(ledger.budgets());
            }
            return ledger;
        } finally {
            lock.unlock();
        }
    }

    /** The budgets of the ledger; opens it, but for the questions of calls when there are none. */
    @Override
    public BudgetBook budgets() {
        return budgets;
    }

    Path file() {
        return journal.file();
    }

    /** Closes the ledger if it was opened. What waits in the journal is for whoever opens it next. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (opened == null && journal.size() > mostBytes) {
                handOver();
            }
            closed = true;
            if (opened != null) {
                opened.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void handOver() {
        try {
            asked();
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The ledger cannot be opened; records are kept in the journal " + journal + " until it can",
                    e);
        }
    }

    @Override
    public String toString() {
        return "DeferredLedger[" + journal + "]";
    }
}
