package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import dev.portolan.api.Request;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.cost.LedgerException;
import dev.portolan.cost.price.PriceBook;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts money by for each call before it is made, and refuses it when a budget has not so much left. What a call did cost is
 * counted by the ledger, with its entry: the guard belongs with the ledger of the same {@link BudgetBook}.
 *
 * <p>A call that no budget is for is not estimated, and one that is known to cost nothing is let through. With a call whose cost
 * nobody can estimate nothing is put by, and it is refused only if nothing is left.
 *
 * <p>While the budgets cannot be asked, because the ledger's database is down, calls are let through, with a warning in the log;
 * {@link Builder#strict} refuses them. Then the database is left alone for a while, so that not every call waits for it.
 *
 * <p>Thread-safe.
 */
public final class BudgetGuard implements SpendingGuard {
    /** When money is free again that was put by for a call without a time limit, unless said otherwise. */
    public static final Duration DEFAULT_LAPSE = Duration.ofMinutes(30);

    /** How long budgets that cannot be asked are left alone unless said otherwise. */
    public static final Duration DEFAULT_PAUSE = Duration.ofSeconds(5);

    /** How long the price of a model is waited for unless said otherwise. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(BudgetGuard.class.getName());
    private static final Duration AFTER_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final BudgetBook book;
    private final PriceBook prices;
    private final CallEstimate estimate;
    private final Duration lapse;
    private final Duration pause;
    private final Duration patience;
    private final boolean strict;
    private final Clock clock;
    private volatile @Nullable Outage outage;

    /**
     * The budgets could not be asked.
     *
     * @param until how long they are left alone
     * @param cause why
     */
    private record Outage(Instant until, RuntimeException cause) {}

    private BudgetGuard(Builder builder) {
        this.book = builder.book;
        this.prices = builder.prices;
        this.estimate = builder.estimate;
        this.lapse = builder.lapse;
        this.pause = builder.pause;
        this.patience = builder.patience;
        this.strict = builder.strict;
        this.clock = builder.clock;
    }

    /**
     * Begins a guard.
     *
     * @param book the budgets, such as {@link dev.portolan.cost.Ledger#budgets}
     * @param prices says what models cost
     */
    public static Builder builder(BudgetBook book, PriceBook prices) {
        return new Builder(book, prices);
    }

    @Override
    public Reservation reserve(String callId, Request request) {
        ModelId model = request.model();
        Map<String, String> tags = request.call().tags();
        Instant now = clock.instant();
        Outage last = outage;
        if (last != null && now.isBefore(last.until())) {
            return unchecked(model, last.cause());
        }
        try {
            if (book.budgetsFor(model, tags).isEmpty()) {
                return Reservation.NONE;
            }
        } catch (LedgerException | ConfigurationException e) {
            return unreachable(model, now, e);
        }
        BigDecimal amount =
                dollars(estimate.estimate(request, prices.model(model, patience).orElse(null), now));
        if (amount != null && amount.signum() == 0) {
            return Reservation.NONE;
        }
        try {
            book.reserve(callId, model, tags, amount == null ? BigDecimal.ZERO : amount, now, lapses(request, now));
        } catch (LedgerException | ConfigurationException e) {
            return unreachable(model, now, e);
        } catch (BudgetExceededException refused) {
            reached();
            throw refused;
        }
        reached();
        return event -> settle(callId, event);
    }

    private void reached() {
        if (outage != null) {
            outage = null;
            LOG.log(System.Logger.Level.INFO, "The budgets can be asked again");
        }
    }

    private static @Nullable BigDecimal dollars(Cost cost) {
        return cost.currency().equals(Cost.USD) ? cost.amount() : null;
    }

    private Instant lapses(Request request, Instant now) {
        Duration timeout = request.call().timeout();
        if (timeout == null || timeout.isZero()) {
            return now.plus(lapse);
        }
        return now.plus(timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout).plus(AFTER_TIMEOUT);
    }

    private Reservation unreachable(ModelId model, Instant now, RuntimeException cause) {
        Outage last = outage;
        outage = new Outage(now.plus(pause), cause);
        if (last == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    strict
                            ? "The budgets cannot be asked; calls are refused until they can"
                            : "The budgets cannot be asked; calls are let through unchecked until they can",
                    cause);
        }
        return unchecked(model, cause);
    }

    private Reservation unchecked(ModelId model, RuntimeException cause) {
        if (strict) {
            throw new BudgetExceededException(
                    "The budgets cannot be asked whether this call to " + model
                            + " may be made, and such calls are refused: " + cause.getMessage()
                            + ". Nothing was sent. Bring the ledger back, or let calls through with a guard that is not"
                            + " strict.",
                    ErrorDetails.NONE.withModel(model).withRetryAfter(pause),
                    cause);
        }
        return Reservation.NONE;
    }

    /**
     * What is recorded is given back with its entry. Another guard may have refused the call, though, and then nothing is
     * recorded: a failure that cost nothing is given back here.
     */
    private void settle(String callId, CostEvent event) {
        BigDecimal amount = event.cost().amount();
        if (amount == null || amount.signum() != 0 || event.outcome().status() == Outcome.Status.COMPLETED) {
            return;
        }
        try {
            book.release(callId);
        } catch (LedgerException | ConfigurationException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "What was put by for call " + callId + " was not given back; it lapses later",
                    e);
        }
    }

    /** Collects what a guard needs. Not thread-safe. */
    public static final class Builder {
        private final BudgetBook book;
        private final PriceBook prices;
        private CallEstimate estimate = UpperEstimate.DEFAULT;
        private Duration lapse = DEFAULT_LAPSE;
        private Duration pause = DEFAULT_PAUSE;
        private Duration patience = DEFAULT_PATIENCE;
        private boolean strict;
        private Clock clock = Clock.systemUTC();

        private Builder(BudgetBook book, PriceBook prices) {
            this.book = Objects.requireNonNull(book, "book");
            this.prices = Objects.requireNonNull(prices, "prices");
        }

        /** What a call may cost; default: {@link UpperEstimate#DEFAULT}. */
        public Builder estimate(CallEstimate newEstimate) {
            estimate = Objects.requireNonNull(newEstimate, "estimate");
            return this;
        }

        /**
         * When money is free again that was put by for a call without a time limit and of which nothing is heard any more;
         * default: 30 minutes. With a call that has one it is free a minute after that.
         *
         * @throws IllegalArgumentException if it is not positive, or more than a year
         */
        public Builder lapse(Duration time) {
            lapse = checked("lapse", time);
            return this;
        }

        /**
         * How long budgets that cannot be asked are left alone; default: 5 seconds.
         *
         * @throws IllegalArgumentException if it is not positive, or more than a year
         */
        public Builder pause(Duration time) {
            pause = checked("pause", time);
            return this;
        }

        /**
         * How long a call that a budget is for waits until the catalogue tells what its model costs, since nothing can be put by
         * for a call of unknown price; default: 30 seconds. Mostly the prices are known and nothing is waited for.
         *
         * @throws IllegalArgumentException if it is not positive, or more than a year
         */
        public Builder patience(Duration time) {
            patience = checked("patience", time);
            return this;
        }

        private static Duration checked(String what, Duration time) {
            if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "The " + what + " of a budget guard is " + time + "; expected more than 0 and at most a year");
            }
            return time;
        }

        /** Refuses calls while the budgets cannot be asked; default: lets them through. */
        public Builder strict(boolean refuse) {
            strict = refuse;
            return this;
        }

        /** The time; default: the system's. */
        public Builder clock(Clock newClock) {
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /** The guard. */
        public BudgetGuard build() {
            return new BudgetGuard(this);
        }
    }
}
