package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.BudgetGuard;
import dev.portolan.cost.price.PriceBook;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All that is done about the cost of a {@code Portolan}'s calls, in one piece: set it together here, and give it to
 * {@link dev.portolan.api.Portolan.Builder#sinkFactory}. On the class path, {@link LedgerFactory} does the same from settings.
 *
 * <pre>{@code
 * Ledger database = JdbcLedger.builder("jdbc:sqlite:/data/ledger.db").build();
 * CostTracking tracking = CostTracking.builder()
 *         .ledger(new JournaledLedger(database, Path.of("/data/ledger.pending")))
 *         .price("inhouse/llama-3", Pricing.perMillion("0.20", "0.60"))
 *         .budget(Budget.of("all", "25.00", Period.DAY))
 *         .build();
 * try (Portolan portolan = Portolan.builder().discover().sinkFactory(tracking).build()) {
 *     …
 * }
 * }</pre>
 *
 * <p>Before each call the budgets are asked, then the guards. After it, in this order: a cost that was not reported is
 * estimated, where prices are known; the call is written to the ledger; what it did cost is asked for later, if nobody knows; the sinks are told. A part that
 * fails is logged and counted by the {@code Portolan}, and hurts neither the call nor another part.
 *
 * <p>With a {@link JournaledLedger} calls under way are noted in a file beside its journal, so that those which are broken off
 * when the process is killed are found by the next process with the same journal: it enters them as failed with the error
 * {@code ProcessEnded}, at a cost that is not known, and asks for it where the generation id was known already. A note survives
 * the process, but perhaps not a failure of power.
 *
 * <p>For one {@code Portolan}, since its ledger is closed with it. Thread-safe.
 */
public final class CostTracking implements CostSinkFactory {
    /** The {@linkplain #name() name} of what keeps a ledger. */
    public static final String NAME = "ledger";

    private final Ledger ledger;
    private final Map<ModelId, Pricing> ownPrices;
    private final @Nullable PriceBook prices;
    private final List<Budget> budgets;
    private final List<Consumer<BudgetAlert>> alerts;
    private final UnaryOperator<BudgetGuard.Builder> guarding;
    private final List<Function<PriceBook, SpendingGuard>> guards;
    private final List<CostSink> sinks;
    private final @Nullable ReconciliationPlan plan;
    private final List<Consumer<CostEvent>> settlements;
    private final @Nullable Path crashLog;

    private CostTracking(Builder builder) {
        this.ledger = builder.ledger;
        this.ownPrices = Map.copyOf(builder.ownPrices);
        this.prices = builder.prices;
        this.budgets = List.copyOf(builder.budgets);
        this.alerts = List.copyOf(builder.alerts);
        this.guarding = builder.guarding;
        this.guards = List.copyOf(builder.guards);
        this.sinks = List.copyOf(builder.sinks);
        this.plan = builder.plan;
        this.settlements = List.copyOf(builder.settlements);
        this.crashLog = builder.crashLog != null ? builder.crashLog : journalOf(ledger);
    }

    /** Sets it together. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where calls are written down. */
    public Ledger ledger() {
        return ledger;
    }

    /** {@value #NAME}: given in code, it takes the place of what settings would make. */
    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<CostSink> create(Settings settings, Sources sources) {
        PriceBook book = prices != null ? prices : prices(sources);
        List<SpendingGuard> asked = new ArrayList<>();
        asked.add(budgets(book));
        guards.forEach(guard -> asked.add(guard.apply(book)));
        LeftCalls left = crashLog == null ? null : new LeftCalls(crashLog, ledger);
        List<CostEvent> adopted = left == null ? List.of() : left.adopt();
        Reconciler reconciler = plan == null ? null : reconciler(plan, sources, left);
        CallLog log = crashLog == null ? null : new CallLog(crashLog);
        TrackedCalls calls = new TrackedCalls(ledger, book, asked, sinks, log, reconciler, Clock.systemUTC());
        if (reconciler != null) {
            adopted.forEach(reconciler::offer);
            reconciler.start();
        }
        return Optional.of(calls);
    }

    private SpendingGuard budgets(PriceBook book) {
        BudgetBook kept = ledger.budgets();
        alerts.forEach(kept::listen);
        BudgetBook asked = budgets.isEmpty() ? kept : new GivenBudgets(budgets, kept);
        return guarding.apply(BudgetGuard.builder(asked, book)).build();
    }

    private PriceBook prices(Sources sources) {
        PriceBook.Builder book = PriceBook.builder().catalog(sources.catalog());
        ownPrices.forEach(book::price);
        return book.build();
    }

    private Reconciler reconciler(ReconciliationPlan when, Sources sources, @Nullable LeftCalls left) {
        Reconciler.Builder reconciler =
                Reconciler.builder(ledger, sources.billing()).plan(when);
        settlements.forEach(reconciler::onSettled);
        if (left != null) {
            reconciler.finding(left::adopt);
        }
        return reconciler.build();
    }

    private static @Nullable Path journalOf(Ledger ledger) {
        Ledger inner = ledger instanceof AsyncLedger queue ? queue.ledger() : ledger;
        if (inner instanceof DeferredLedger deferred) {
            return deferred.file();
        }
        return inner instanceof JournaledLedger journaled ? journaled.file() : null;
    }

    /** Collects the parts. Not thread-safe. */
    public static final class Builder {
        private final Map<ModelId, Pricing> ownPrices = new HashMap<>();
        private final List<Budget> budgets = new ArrayList<>();
        private final List<Consumer<BudgetAlert>> alerts = new ArrayList<>();
        private final List<Function<PriceBook, SpendingGuard>> guards = new ArrayList<>();
        private UnaryOperator<BudgetGuard.Builder> guarding = UnaryOperator.identity();
        private final List<CostSink> sinks = new ArrayList<>();
        private final List<Consumer<CostEvent>> settlements = new ArrayList<>();
        private Ledger ledger = new InMemoryLedger();
        private @Nullable PriceBook prices;
        private @Nullable ReconciliationPlan plan = ReconciliationPlan.DEFAULT;
        private @Nullable Path crashLog;

        private Builder() {}

        /** Where calls are written down; default: in memory. It is closed with the {@code Portolan}. */
        public Builder ledger(Ledger newLedger) {
            ledger = Objects.requireNonNull(newLedger, "ledger");
            return this;
        }

        /** What a model costs, whatever the catalogue says. */
        public Builder price(ModelId model, Pricing pricing) {
            ownPrices.put(Objects.requireNonNull(model, "model"), Objects.requireNonNull(pricing, "pricing"));
            return this;
        }

        /**
         * What a model costs, whatever the catalogue says.
         *
         * @param model such as {@code inhouse/llama-3}
         * @throws IllegalArgumentException if it is not the id of a model
         */
        public Builder price(String model, Pricing pricing) {
            return price(ModelId.parse(model), pricing);
        }

        /**
         * Where all prices are, in place of those given here and of the catalogues of the {@code Portolan}'s providers, which are
         * the default.
         */
        public Builder prices(PriceBook book) {
            prices = Objects.requireNonNull(book, "prices");
            return this;
        }

        /**
         * Adds a budget to those of the ledger, in place of the one of that name. Budgets that stand in the ledger already hold
         * without this, such as those of {@code portolan budget}.
         */
        public Builder budget(Budget budget) {
            budgets.add(Objects.requireNonNull(budget, "budget"));
            return this;
        }

        /**
         * Adds who is told when a part of a budget is spent or a call is refused, as far as it is this process that does it. On
         * the thread of a call; what it throws is logged.
         */
        public Builder onBudget(Consumer<BudgetAlert> listener) {
            alerts.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * How budgets are held: what a call is taken to cost, when money that was put by is free again, and whether calls are
         * refused while the ledger is down; default: as {@link BudgetGuard} says.
         *
         * @param change of the guard, such as {@code guard -> guard.strict(true)}
         */
        public Builder guarding(UnaryOperator<BudgetGuard.Builder> change) {
            guarding = Objects.requireNonNull(change, "change");
            return this;
        }

        /**
         * Adds who is asked before each call, after the budgets; in this order, and each with the prices that estimates are
         * made from. A guard that is told of the end of a call gets the event as it came: priced ones go to the ledger and to sinks.
         */
        public Builder guard(Function<PriceBook, SpendingGuard> guard) {
            guards.add(Objects.requireNonNull(guard, "guard"));
            return this;
        }

        /**
         * Adds who is told of each call after the ledger, with its cost estimated if it was not reported. It is not closed with
         * the {@code Portolan}.
         */
        public Builder sink(CostSink sink) {
            sinks.add(Objects.requireNonNull(sink, "sink"));
            return this;
        }

        /** When unknown costs are asked for; default: {@link ReconciliationPlan#DEFAULT}. */
        public Builder reconciliation(ReconciliationPlan newPlan) {
            plan = Objects.requireNonNull(newPlan, "plan");
            return this;
        }

        /**
         * Leaves unknown costs alone; {@link Reconciler#reconcileNow} can still settle them. Calls of killed processes are looked for
         * at the start only.
         */
        public Builder withoutReconciliation() {
            plan = null;
            return this;
        }

        /**
         * Adds who is told of a call again when its cost became known later: the entry as it stands in the ledger then. On the
         * thread of the reconciliation; what it throws is logged.
         */
        public Builder onSettled(Consumer<CostEvent> listener) {
            settlements.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Where calls under way are noted.
         *
         * @param file what the names of the files begin with; default: the journal of a {@link JournaledLedger}. With any other
         *     ledger none are noted unless this says where. For one ledger only
         */
        public Builder crashLog(Path file) {
            crashLog = Objects.requireNonNull(file, "crashLog");
            return this;
        }

        /** The whole. */
        public CostTracking build() {
            return new CostTracking(this);
        }
    }
}
