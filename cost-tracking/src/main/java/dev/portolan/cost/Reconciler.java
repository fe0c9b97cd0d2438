package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.BillingPort.Bill;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.PortolanException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Settles the entries of a ledger of which the cost is not known, by asking the provider: streams that were cancelled or broke
 * before their usage came, and calls that were under way when a process ended. An entry is settled when the bills of all its
 * generations are known; what they say together is what the call cost.
 *
 * <p>{@link #start} has one daemon thread do this as a {@link ReconciliationPlan} says, for the calls that are
 * {@link #offer offered} and for those that the ledger lists and nobody settled; {@link #reconcileNow} does it once, for all of
 * them, on the thread of the caller. A provider that has no books is not asked again; one whose books cannot be read is left alone
 * for a while. A settlement that the ledger cannot take is tried again.
 *
 * <p>With one ledger for several processes each asks for its own calls. Before it asks for a call of another it looks whether
 * that has been settled, and does so at a random time, so that a provider is hardly ever asked for the same call twice.
 *
 * <p>Thread-safe. Closes neither the ledger nor the books.
 */
public final class Reconciler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());
    private static final int AT_ONCE = 500;
    private static final int MOST_KEPT = 10_000;
    private static final int MOST_FAILURES = 3;
    private static final int LEFTOVER_DOUBLINGS = 10;

    /** Programs that run for a moment do not ask the ledger for what others left. */
    private static final int DELAYS_TO_FIRST_SWEEP = 10;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final Ledger ledger;
    private final BillingPort billing;
    private final ReconciliationPlan plan;
    private final List<Consumer<CostEvent>> settled;
    private final Supplier<List<CostEvent>> finder;
    private final Clock clock;
    private final RandomGenerator dice;

    /** Held while the provider is asked: by one thread at a time. */
    private final ReentrantLock asking = new ReentrantLock();

    private final Map<String, Books> books = new HashMap<>();
    private final Books ledgerBooks = new Books();
    private Instant nextSweep;
    private boolean expressly;

    /** Held for moments only: calls that have just ended come here. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Map<String, OpenCall> open = new HashMap<>();
    private final PriorityQueue<OpenCall> queue =
            new PriorityQueue<>(Comparator.comparing((OpenCall call) -> call.due));
    private @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * What one pass over all open calls came to.
     *
     * @param settled how many calls were settled
     * @param open how many could not be settled yet, or cannot be at all
     */
    public record Result(int settled, int open) {}

    private enum Fate {
        SETTLED,
        STILL_OPEN,
        NOT_OURS
    }

    /** A call of which the cost is asked for. Used by the thread that holds {@link #asking}. */
    private static final class OpenCall {
        final CostEvent entry;
        final boolean leftover;
        final Map<String, Bill> bills = new HashMap<>();
        Instant due;
        int tries;

        OpenCall(CostEvent entry, boolean leftover, Instant due) {
            this.entry = entry;
            this.leftover = leftover;
            this.due = due;
        }
    }

    /** What is known of the books of a provider, or of the ledger. */
    private static final class Books {
        boolean none;
        int failures;
        Instant opens = Instant.MIN;
    }

    private Reconciler(Builder builder) {
        this.ledger = builder.ledger;
        this.billing = builder.billing;
        this.plan = builder.plan;
        this.settled = List.copyOf(builder.settled);
        this.finder = builder.finder;
        this.clock = builder.clock;
        this.dice = builder.dice;
        this.nextSweep = clock.instant().plus(plan.firstDelay().multipliedBy(DELAYS_TO_FIRST_SWEEP));
    }

    /** Begins one for a ledger, with the books in which the bills are. */
    public static Builder builder(Ledger ledger, BillingPort billing) {
        return new Builder(ledger, billing);
    }

    /** Has a thread settle what is open, from now until this is closed. Doing it again has no effect. */
    public void start() {
        lock.lock();
        try {
            if (thread == null && !closed) {
                Thread made = new Thread(this::run, "portolan-reconciliation");
                made.setDaemon(true);
                made.start();
                thread = made;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes care of an entry that was just written to the ledger, if its cost is not known and can be asked for. Does not
     * wait for anything.
     */
    public void offer(CostEvent entry) {
        CostEvent checked = Entries.checked(entry);
        boolean estimate = plan.estimatesToo() && checked.cost().source() == Cost.Source.ESTIMATED;
        if (Entries.isUnsettled(checked)
                || (estimate && !checked.answeredBy().generationIds().isEmpty())) {
            take(checked, false, clock.instant().plus(plan.firstDelay()));
        }
    }

    /** Those for which there is no room are found in the ledger later. */
    private void take(CostEvent entry, boolean leftover, Instant due) {
        lock.lock();
        try {
            if (open.size() < MOST_KEPT && !open.containsKey(entry.callId())) {
                OpenCall call = new OpenCall(entry, leftover, due);
                open.put(entry.callId(), call);
                queue.add(call);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!closed) {
            try {
                runDue();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "Reconciliation failed and goes on", e);
            }
            await();
        }
    }

    private void await() {
        lock.lock();
        try {
            Duration wait = Duration.between(clock.instant(), nextDue());
            while (!closed && wait.compareTo(Duration.ZERO) > 0) {
                // Not for long at once: a clock that is set meanwhile is noticed.
                changed.awaitNanos(Math.min(wait.toNanos(), LONGEST_WAIT.toNanos()));
                wait = Duration.between(clock.instant(), nextDue());
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "Interrupted by closing", e);
        } finally {
            lock.unlock();
        }
    }

    private Instant nextDue() {
        OpenCall first = queue.peek();
        return first == null || nextSweep.isBefore(first.due) ? nextSweep : first.due;
    }

    /** Asks for all calls that are due. */
    void runDue() {
        asking.lock();
        try {
            if (!clock.instant().isBefore(nextSweep)) {
                sweep();
            }
            for (OpenCall call = nextCall(); call != null; call = nextCall()) {
                attempt(call);
            }
        } finally {
            asking.unlock();
        }
    }

    private @Nullable OpenCall nextCall() {
        lock.lock();
        try {
            OpenCall first = queue.peek();
            return closed || first == null || clock.instant().isBefore(first.due) ? null : queue.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Looks for calls that nobody settled. */
    private void sweep() {
        Instant now = clock.instant();
        setNextSweep(now.plus(longer(plan.leftoversAfter(), plan.firstDelay())));
        try {
            finder.get().forEach(this::offer);
            Unsettled pages = new Unsettled(LedgerQuery.builder()
                    .since(now.minus(plan.givesUpAfter()))
                    .until(now.minus(plan.leftoversAfter())));
            for (List<CostEvent> page = pages.next(); !page.isEmpty() && hasRoom(); page = pages.next()) {
                for (CostEvent entry : page) {
                    if (!end(entry).isAfter(now.minus(plan.leftoversAfter())) && !booksOf(entry).none) {
                        take(entry, true, now.plus(part(plan.leftoversAfter())));
                    }
                }
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "The ledger cannot be asked for open calls at present", e);
        }
    }

    private void setNextSweep(Instant time) {
        lock.lock();
        try {
            nextSweep = time;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom() {
        lock.lock();
        try {
            return open.size() < MOST_KEPT;
        } finally {
            lock.unlock();
        }
    }

    private Duration part(Duration whole) {
        return whole.isZero() ? whole : Duration.ofNanos(dice.nextLong(whole.toNanos()));
    }

    private void attempt(OpenCall call) {
        Instant now = clock.instant();
        Books asked = booksOf(call.entry);
        if (now.isAfter(end(call.entry).plus(plan.givesUpAfter()))) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "What call {0} cost is not asked for any more; it stays listed as unsettled",
                    call.entry.callId());
            forget(call);
        } else if (asked.none) {
            forget(call);
        } else if (now.isBefore(later(asked.opens, ledgerBooks.opens))) {
            again(call, later(asked.opens, ledgerBooks.opens));
        } else {
            Fate fate = settle(call, asked);
            if (fate != Fate.STILL_OPEN || asked.none) {
                forget(call);
            } else {
                call.tries++;
                again(call, later(clock.instant().plus(delay(call)), asked.opens));
            }
        }
    }

    /** Longer and longer for what another process may be asking for too. */
    private Duration delay(OpenCall call) {
        return call.leftover
                ? plan.longestDelay().multipliedBy(1L << Math.min(call.tries - 1, LEFTOVER_DOUBLINGS))
                : plan.delay(call.tries);
    }

    private void forget(OpenCall call) {
        lock.lock();
        try {
            open.remove(call.entry.callId());
        } finally {
            lock.unlock();
        }
    }

    private void again(OpenCall call, Instant due) {
        lock.lock();
        try {
            call.due = due;
            queue.add(call);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks once for every call of which the cost is not known, however old, and settles what can be settled. Waits while the
     * thread of {@link #start} asks for one. After three failures in a row a provider is not asked for the rest. Why one
     * could not be asked is logged as a warning.
     *
     * @throws LedgerException if the ledger cannot be read
     */
    public Result reconcileNow() {
        asking.lock();
        expressly = true;
        try {
            int done = 0;
            int left = 0;
            Map<String, Integer> failures = new HashMap<>();
            Set<String> seen = new HashSet<>();
            for (OpenCall call : kept()) {
                seen.add(call.entry.callId());
                Fate fate = settleNow(call, failures);
                done += fate == Fate.SETTLED ? 1 : 0;
                left += fate == Fate.STILL_OPEN ? 1 : 0;
            }
            Unsettled pages = new Unsettled(LedgerQuery.builder());
            for (List<CostEvent> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                for (CostEvent entry : page) {
                    if (seen.add(entry.callId())) {
                        Fate fate = settleNow(new OpenCall(entry, false, clock.instant()), failures);
                        done += fate == Fate.SETTLED ? 1 : 0;
                        left += fate == Fate.STILL_OPEN ? 1 : 0;
                    }
                }
            }
            return new Result(done, left);
        } finally {
            expressly = false;
            asking.unlock();
        }
    }

    private List<OpenCall> kept() {
        lock.lock();
        try {
            return new ArrayList<>(queue);
        } finally {
            lock.unlock();
        }
    }

    private Fate settleNow(OpenCall call, Map<String, Integer> failures) {
        Books asked = booksOf(call.entry);
        String provider = call.entry.model().provider();
        if (asked.none || failures.getOrDefault(provider, 0) >= MOST_FAILURES) {
            return Fate.STILL_OPEN;
        }
        int before = asked.failures;
        Fate fate = settle(call, asked);
        failures.merge(provider, asked.failures > before ? 1 : -MOST_FAILURES, (sum, more) -> Math.max(0, sum + more));
        if (fate != Fate.STILL_OPEN) {
            lock.lock();
            try {
                queue.remove(call);
                open.remove(call.entry.callId(), call);
            } finally {
                lock.unlock();
            }
        }
        return fate;
    }

    private Fate settle(OpenCall call, Books asked) {
        String callId = call.entry.callId();
        try {
            if (call.leftover && isSettledByOthers(call)) {
                return Fate.NOT_OURS;
            }
            if (!find(call, asked)) {
                return Fate.STILL_OPEN;
            }
            Cost cost = costOf(call);
            Usage usage = usageOf(call);
            boolean entered = ledger.settle(callId, cost, usage);
            ledgerBooks.failures = 0;
            ledgerBooks.opens = Instant.MIN;
            if (!entered) {
                return Fate.NOT_OURS;
            }
            tell(Entries.settled(call.entry, cost, usage));
            return Fate.SETTLED;
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "The bill of call " + callId + " cannot be entered", e);
            return Fate.STILL_OPEN;
        } catch (RuntimeException e) {
            // The bills that were found are kept.
            failed(ledgerBooks, Duration.ZERO);
            LOG.log(
                    ledgerBooks.failures == 1 ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                    "Call " + callId + " is settled when the ledger is back",
                    e);
            return Fate.STILL_OPEN;
        }
    }

    private boolean isSettledByOthers(OpenCall call) {
        return ledger.find(call.entry.callId())
                .map(entry -> entry.cost().isKnown())
                .orElse(true);
    }

    /** Asks for the bills that are missing. Returns whether none is missing any more. */
    private boolean find(OpenCall call, Books asked) {
        ModelId model = call.entry.model();
        List<String> ids = call.entry.answeredBy().generationIds();
        try {
            for (String id : ids) {
                if (!call.bills.containsKey(id)) {
                    billing.find(model, id)
                            .filter(bill -> bill.cost().isKnown())
                            .ifPresent(bill -> call.bills.put(id, bill));
                }
            }
            asked.failures = 0;
            asked.opens = Instant.MIN;
        } catch (ConfigurationException e) {
            asked.none = true;
            LOG.log(
                    expressly ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                    "What calls of " + model.provider() + " cost cannot be asked for: " + e.getMessage());
        } catch (CallCancelledException e) {
            // The Portolan is being closed.
            failed(asked, Duration.ZERO);
        } catch (RuntimeException e) {
            failed(
                    asked,
                    e instanceof PortolanException told ? told.retryAfter().orElse(Duration.ZERO) : Duration.ZERO);
            if (asked.failures == 1 && !closed) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The books of " + model.provider()
                                + " cannot be read at present; open calls are settled when they can be",
                        e);
            }
        }
        return call.bills.keySet().containsAll(ids);
    }

    private void failed(Books asked, Duration retryAfter) {
        asked.failures++;
        asked.opens = clock.instant().plus(longer(retryAfter, plan.delay(asked.failures)));
    }

    private static Cost costOf(OpenCall call) {
        return call.bills.values().stream().map(Bill::cost).reduce(Cost::plus).orElseThrow();
    }

    /** Of all generations or of none: a part would be taken for the whole. */
    private static Usage usageOf(OpenCall call) {
        List<Usage> told = call.bills.values().stream()
                .map(Bill::usage)
                .filter(Usage::isReported)
                .toList();
        return told.size() < call.bills.size()
                ? Usage.NOT_REPORTED
                : told.stream().reduce(Usage::plus).orElse(Usage.NOT_REPORTED);
    }

    private void tell(CostEvent entry) {
        for (Consumer<CostEvent> listener : settled) {
            try {
                listener.accept(entry);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "The settlement of call " + entry.callId() + " was not taken", e);
            }
        }
    }

    private Books booksOf(CostEvent entry) {
        return books.computeIfAbsent(entry.model().provider(), provider -> new Books());
    }

    private static Instant end(CostEvent entry) {
        return entry.timing().started().plus(entry.timing().latency());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /**
     * Stops the thread. Nothing more is asked, not even quickly: a {@code Portolan} has ended its providers by then. What is open
     * is in the ledger, for the next process.
     */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (running != null && running != Thread.currentThread()) {
            running.interrupt();
            try {
                running.join(LAST_WAIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Hands out all open entries that match, page by page, whatever becomes of those that were handed out. */
    private final class Unsettled {
        private final LedgerQuery.Builder query;
        private final Set<String> seen = new HashSet<>();
        private @Nullable Instant from;
        private int limit = AT_ONCE;
        private boolean last;

        Unsettled(LedgerQuery.Builder query) {
            this.query = query;
        }

        List<CostEvent> next() {
            List<CostEvent> fresh = List.of();
            while (fresh.isEmpty() && !last) {
                List<CostEvent> page = ledger.unsettled(query.limit(limit).build());
                fresh = page.stream().filter(entry -> seen.add(entry.callId())).toList();
                last = page.size() < limit;
                if (!last) {
                    Instant newest = page.get(page.size() - 1).timing().started();
                    // More of one time than a page has: only a larger one leads on.
                    limit = newest.equals(from) ? limit * 2 : AT_ONCE;
                    from = newest;
                    query.since(newest);
                }
            }
            return fresh;
        }
    }

    /** Collects what it needs. Not thread-safe. */
    public static final class Builder {
        private final Ledger ledger;
        private final BillingPort billing;
        private ReconciliationPlan plan = ReconciliationPlan.DEFAULT;
        private final List<Consumer<CostEvent>> settled = new ArrayList<>();
        private Supplier<List<CostEvent>> finder = List::of;
        private Clock clock = Clock.systemUTC();
        // The default one is looked for on the thread's class path, and on JDK 17 not found there in some containers.
        private RandomGenerator dice = new SplittableRandom();

        private Builder(Ledger ledger, BillingPort billing) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            this.billing = Objects.requireNonNull(billing, "billing");
        }

        /** When is asked; default: {@link ReconciliationPlan#DEFAULT}. */
        public Builder plan(ReconciliationPlan newPlan) {
            plan = newPlan;
            return this;
        }

        /** Adds who is told of each entry that was settled, with its cost; on the thread that settles. What it throws is logged. */
        public Builder onSettled(Consumer<CostEvent> listener) {
            settled.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Where calls of processes that have ended are found: asked whenever the ledger is asked for leftovers. */
        Builder finding(Supplier<List<CostEvent>> newFinder) {
            finder = newFinder;
            return this;
        }

        Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        Builder dice(RandomGenerator newDice) {
            dice = newDice;
            return this;
        }

        /** The reconciler, which does nothing until it is told to. */
        public Reconciler build() {
            return new Reconciler(this);
        }
    }
}
