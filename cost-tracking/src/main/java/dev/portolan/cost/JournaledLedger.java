package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.budget.BudgetBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that may be down without a record being lost: while it is, records go to a journal, a file with one line for each,
 * on the disk before {@code record} returns. When the ledger is back they are written to it, in order and each once, also by a
 * later process.
 *
 * <p>While the ledger is down it is tried again at most once in a while ({@link #DEFAULT_RETRY} by default), by the record or
 * query that comes then; and when this is made, and closed. That attempt lasts as long as the ledger's patience. A call hands
 * over some hundred records at most; where more wait, a thread goes on with the rest. Queries ask the ledger alone: what waits
 * in the journal is not part of their answers, {@link #isBehind()} tells of it.
 *
 * <p>If the journal cannot be written either, since the disk is full for example, records are kept in memory, up to a number
 * ({@value #DEFAULT_IN_MEMORY} by default), and each record that comes tries again to write them down; {@link #inMemory()}
 * tells how many there are. They are lost if the process ends before the ledger or the journal takes them. Beyond that number
 * {@code record} throws a {@link LedgerException}.
 *
 * <p>A line of the journal that cannot be read, since the machine failed while it was written, is logged, kept in a file
 * {@code .damaged} beside, and passed over. So is, in a file {@code .refused}, a record that the ledger refuses though it is
 * not down ({@link LedgerException#isOfTheRecord()}). The journal may be shared by several processes with the same ledger, not
 * by different ledgers. It holds what the events hold, tags among it, and is readable for its owner only.
 *
 * <p>Thread-safe. The thread is a daemon.
 */
public final class JournaledLedger extends LedgerInFront {
    /** How long a ledger that is down is left alone. */
    public static final Duration DEFAULT_RETRY = Duration.ofSeconds(30);

    /** How many records are kept in memory at most while neither the ledger nor the journal can be written. */
    public static final int DEFAULT_IN_MEMORY = 10_000;

    private static final System.Logger LOG = System.getLogger(JournaledLedger.class.getName());
    private static final int AT_ONCE = 500;
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final Journal journal;
    private final int mostInMemory;
    private final long retryNanos;
    private final LongSupplier nanoTime;

    /** Held by whoever hands over. */
    private final ReentrantLock draining = new ReentrantLock();

    /** Held by whoever adds to the journal or to memory. */
    private final ReentrantLock keeping = new ReentrantLock();

    /** What neither ledger nor journal could take, oldest first. */
    private final Deque<CostEvent> memory = new ArrayDeque<>();

    private volatile boolean behind;
    private volatile long failedAt;
    private volatile boolean closed;
    private @Nullable Thread drainer;

    /**
     * Keeps what a ledger cannot take in a file, and first hands it what is there.
     *
     * @param ledger closed with this
     * @param journal the file; made, with its folder, when it is needed
     */
    public JournaledLedger(Ledger ledger, Path journal) {
        this(ledger, journal, DEFAULT_IN_MEMORY);
    }

    /**
     * The same, with another number of records in memory.
     *
     * @param ledger closed with this
     * @param journal the file; made, with its folder, when it is needed
     * @param mostInMemory how many records are kept in memory at most while neither can be written; 0 or more
     */
    public JournaledLedger(Ledger ledger, Path journal, int mostInMemory) {
        this(ledger, journal, mostInMemory, DEFAULT_RETRY, System::nanoTime);
    }

    JournaledLedger(Ledger ledger, Path journal, Duration retry, LongSupplier nanoTime) {
        this(ledger, journal, DEFAULT_IN_MEMORY, retry, nanoTime);
    }

    JournaledLedger(Ledger ledger, Path journal, int mostInMemory, Duration retry, LongSupplier nanoTime) {
        if (mostInMemory < 0) {
            throw new IllegalArgumentException(
                    "The number of records in memory is " + mostInMemory + "; expected 0 or more");
        }
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.journal = new Journal(journal);
        this.mostInMemory = mostInMemory;
        this.retryNanos = retry.toNanos();
        this.nanoTime = nanoTime;
        this.failedAt = nanoTime.getAsLong() - retryNanos;
        this.behind = !this.journal.isEmpty();
        catchUpIfDue();
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
            if (behind || !isTaken(entries)) {
                keep(entries);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isTaken(List<CostEvent> entries) {
        try {
            handOver(entries);
            return true;
        } catch (IOException | RuntimeException e) {
            failed(e);
            return false;
        }
    }

    /** Gives events to the ledger, and sets aside those that it refuses and would refuse again. */
    private void handOver(List<CostEvent> events) throws IOException {
        try {
            ledger.recordAll(events);
            return;
        } catch (LedgerException e) {
            if (!e.isOfTheRecord()) {
                throw e;
            }
            if (events.size() == 1) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "Call " + events.get(0).callId() + " is refused by " + ledger + ", and kept in "
                                + journal.refusedFile(),
                        e);
                journal.setAside(events);
                return;
            }
        }
        for (CostEvent event : events) {
            handOver(List.of(event));
        }
    }

    private void keep(List<CostEvent> entries) {
        keeping.lock();
        try {
            writeDownMemory();
            journal.append(entries);
            behind = true;
        } catch (IOException e) {
            keepInMemory(entries, e);
        } finally {
            keeping.unlock();
        }
    }

    /** Into the journal, some at a time: the rest stays if one attempt fails. */
    private void writeDownMemory() throws IOException {
        if (memory.isEmpty()) {
            return;
        }
        int count = memory.size();
        while (!memory.isEmpty()) {
            List<CostEvent> oldest = oldestInMemory();
            journal.append(oldest);
            oldest.forEach(event -> memory.remove());
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "The journal {0} can be written again; the {1} records that were in memory only are in it",
                journal,
                count);
    }

    private void keepInMemory(List<CostEvent> entries, IOException e) {
        String trouble = ledger + " is down, and the journal " + journal + " cannot be written: " + e.getMessage()
                + ". Make room on its disk, or let " + LedgerFactory.JOURNAL + " name a file on a disk with room";
        if (memory.size() + entries.size() > mostInMemory) {
            String calls = entries.size() == 1
                    ? "Call " + entries.get(0).callId() + " was not recorded"
                    : entries.size() + " calls were not recorded";
            throw new LedgerException(
                    calls + ": " + trouble + "; " + memory.size() + " records are kept in memory already", e);
        }
        memory.addAll(entries);
        behind = true;
        LOG.log(
                System.Logger.Level.ERROR,
                memory.size() + " records are in memory only, and lost if this process ends: " + trouble,
                e);
    }

    /** How many records are kept in memory only, since neither the ledger nor the journal could be written. */
    public int inMemory() {
        keeping.lock();
        try {
            return memory.size();
        } finally {
            keeping.unlock();
        }
    }

    /** Whether records wait in the journal or in memory, as far as this process knows. */
    public boolean isBehind() {
        return behind;
    }

    /**
     * Hands the ledger what waits, now, however long it takes.
     *
     * @return whether nothing waits any more; if not, the reason is in the log
     */
    public boolean catchUp() {
        return catchUp(() -> true);
    }

    private boolean catchUp(BooleanSupplier goesOn) {
        if (!behind) {
            return true;
        }
        boolean interrupted = Thread.interrupted();
        draining.lock();
        try {
            while (behind && goesOn.getAsBoolean()) {
                handOverNext();
            }
            return !behind;
        } catch (IOException | RuntimeException e) {
            failed(e);
            return false;
        } finally {
            draining.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    Path file() {
        return journal.file();
    }

    /** Hands over a little, and leaves the rest to a thread: no call is to wait for a backlog of days. */
    private void catchUpIfDue() {
        if (behind && nanoTime.getAsLong() - failedAt >= retryNanos && draining.tryLock()) {
            try {
                handOverNext();
            } catch (IOException | RuntimeException e) {
                failed(e);
                return;
            } finally {
                draining.unlock();
            }
            if (behind) {
                startDrainer();
            }
        }
    }

    private synchronized void startDrainer() {
        if (!closed && (drainer == null || !drainer.isAlive())) {
            drainer = new Thread(() -> catchUp(() -> !closed), "portolan-ledger-journal");
            drainer.setDaemon(true);
            drainer.start();
        }
    }

    /** Some of the journal; of memory, once the journal is empty. */
    private void handOverNext() throws IOException {
        try {
            if (journal.handOver(this::handOver)) {
                handOverMemory();
            }
        } catch (IOException e) {
            handOverMemory();
            throw e;
        }
        keeping.lock();
        try {
            behind = !memory.isEmpty() || !journal.isEmpty();
        } finally {
            keeping.unlock();
        }
    }

    private void handOverMemory() throws IOException {
        List<CostEvent> oldest = oldestInMemory();
        if (oldest.isEmpty()) {
            return;
        }
        handOver(oldest);
        keeping.lock();
        try {
            for (CostEvent event : oldest) {
                // Unless they were written into the journal meanwhile.
                if (event.equals(memory.peek())) {
                    memory.remove();
                }
            }
        } finally {
            keeping.unlock();
        }
    }

    private List<CostEvent> oldestInMemory() {
        keeping.lock();
        try {
            return memory.stream().limit(AT_ONCE).toList();
        } finally {
            keeping.unlock();
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
    Ledger asked() {
        catchUpIfDue();
        return ledger;
    }

    /**
     * Settles an entry of the ledger. The journal takes no settlements: while records wait in it, the entry may be among them.
     *
     * @throws LedgerException if the ledger cannot be reached, or records wait in the journal
     */
    @Override
    public boolean settle(String callId, Cost cost, Usage usage) {
        Entries.checkSettlement(callId, cost);
        catchUpIfDue();
        if (behind) {
            throw new LedgerException(
                    "Call " + callId + " cannot be settled yet: records wait in the journal " + journal + " until "
                            + ledger + " is back. Try again later",
                    null);
        }
        return ledger.settle(callId, cost, usage);
    }

    /** Those of the ledger inside: what waits in the journal is counted once the ledger has it. */
    @Override
    public BudgetBook budgets() {
        return ledger.budgets();
    }

    /**
     * Tries once more to hand over what waits, for ten seconds at most, and closes the ledger. What still waits in the journal is
     * for the next process.
     *
     * @throws LedgerException if records were in memory only, and neither the ledger nor the journal takes them: they are lost
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long begun = System.nanoTime();
        catchUp(() -> System.nanoTime() - begun < CLOSING.toNanos());
        ledger.close();
        keeping.lock();
        try {
            writeDownMemory();
        } catch (IOException e) {
            throw new LedgerException(
                    memory.size() + " records are lost: they were in memory only, " + ledger
                            + " is down, and the journal " + journal + " cannot be written: " + e.getMessage(),
                    e);
        } finally {
            keeping.unlock();
        }
    }

    @Override
    public String toString() {
        return "JournaledLedger[" + ledger + ", " + journal + "]";
    }
}
