package dev.portolan.cost.account;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetAlert.Kind;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Scope;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of budgets, for one transaction at one time. The same for every ledger; not thread-safe. */
final class Accounts {
    private final AccountStore store;
    private final Instant now;

    Accounts(AccountStore store, Instant now) {
        this.store = store;
        this.now = now;
    }

    /**
     * What became of a call that asked for money.
     *
     * @param refusal why it is refused; {@code null} if it is not
     * @param alerts what listeners are to be told
     */
    record Decision(@Nullable Refusal refusal, List<BudgetAlert> alerts) {}

    void set(Budget budget) {
        store.holdEntries();
        if (stands(budget)) {
            return;
        }
        boolean sameAccounts = store.budgets().stream()
                .map(CountedBudget::budget)
                .anyMatch(old -> old.name().equals(budget.name())
                        && old.scope().equals(budget.scope())
                        && old.period() == budget.period());
        Instant since = budget.period().start(now);
        store.put(new CountedBudget(budget, since));
        store.dropAccounts(budget.name());
        if (!sameAccounts) {
            store.dropReservations(budget.name());
        }
        // Also the periods to come: another process may have a clock that is ahead.
        for (Instant period = since; period != null; period = nextWithEntries(budget, period)) {
            List<Account> accounts = new ArrayList<>();
            for (Map.Entry<String, BigDecimal> sum : sums(budget, period).entrySet()) {
                AccountKey key = new AccountKey(budget.name(), sum.getKey(), period);
                accounts.add(Account.opened(key).withSpent(sum.getValue()));
            }
            store.write(accounts);
        }
    }

    boolean stands(Budget budget) {
        return store.budgets().stream().map(CountedBudget::budget).anyMatch(budget::equals);
    }

    private @Nullable Instant nextWithEntries(Budget budget, Instant period) {
        Instant end = budget.period().end(period);
        if (end == null) {
            return null;
        }
        List<CostEvent> next =
                store.entries(LedgerQuery.builder().since(end).limit(1).build());
        return next.isEmpty()
                ? null
                : budget.period().start(next.get(0).timing().started());
    }

    boolean remove(String name) {
        store.holdEntries();
        if (!store.remove(name)) {
            return false;
        }
        store.dropAccounts(name);
        store.dropReservations(name);
        return true;
    }

    List<BudgetState> states() {
        List<BudgetState> states = new ArrayList<>();
        for (CountedBudget counted : store.budgets()) {
            Budget budget = counted.budget();
            Instant since = budget.period().start(now);
            Map<String, BigDecimal> reserved = store.reserved(budget.name(), since, now);
            Map<String, BigDecimal> spent = spentByShare(counted, since);
            TreeSet<String> shares = new TreeSet<>(reserved.keySet());
            shares.addAll(spent.keySet());
            if (!(budget.scope() instanceof Scope.EachTag)) {
                shares.add("");
            }
            for (String share : shares) {
                states.add(state(
                        budget,
                        new AccountKey(budget.name(), share, since),
                        spent.getOrDefault(share, BigDecimal.ZERO),
                        reserved.getOrDefault(share, BigDecimal.ZERO)));
            }
        }
        return states;
    }

    private Map<String, BigDecimal> spentByShare(CountedBudget counted, Instant since) {
        if (!counted.counts(since)) {
            return sums(counted.budget(), since);
        }
        Map<String, BigDecimal> spent = new TreeMap<>();
        for (Account account : store.accounts(counted.budget().name(), since)) {
            if (account.spent().signum() != 0) {
                spent.put(account.key().share(), account.spent());
            }
        }
        return spent;
    }

    Decision reserve(String callId, ModelId model, Map<String, String> tags, BigDecimal amount, Instant lapses) {
        NavigableMap<AccountKey, CountedBudget> concerned = new TreeMap<>();
        for (CountedBudget counted : store.heldBudgets()) {
            String share = counted.budget().scope().shareOf(model, tags);
            if (share != null) {
                concerned.put(counted.key(share, now), counted);
            }
        }
        if (concerned.isEmpty()) {
            return new Decision(null, List.of());
        }
        // All of them before anything is read: what is read then stays true.
        List<Account> accounts = concerned.keySet().stream().map(store::lock).toList();
        List<Broken> broken = new ArrayList<>();
        for (Account account : accounts) {
            BudgetState state = stateFor(callId, Objects.requireNonNull(concerned.get(account.key())), account);
            BigDecimal left = state.left();
            if (amount.signum() == 0 ? left.signum() <= 0 : amount.compareTo(left) > 0) {
                broken.add(new Broken(account, state));
            }
        }
        List<Broken> refusing = broken.stream()
                .filter(each -> each.mode() == Budget.Mode.REFUSE)
                .toList();
        if (refusing.isEmpty() && amount.signum() > 0) {
            concerned.keySet().forEach(key -> store.reserve(Reserved.of(callId, key, amount, lapses)));
        }
        // A call that is refused is not made, and exceeds nothing.
        List<BudgetAlert> alerts = refusing.isEmpty() ? marked(broken, Kind.EXCEEDED) : marked(refusing, Kind.REFUSED);
        store.dropLapsed(now);
        Refusal refusal = refusing.isEmpty()
                ? null
                : Refusal.of(refusing.stream().map(Broken::state).toList(), model, amount, now);
        return new Decision(refusal, alerts);
    }

    private record Broken(Account account, BudgetState state) {
        Budget.Mode mode() {
            return state.budget().mode();
        }
    }

    /** Notes that it is told, and returns what is told for the first time. */
    private List<BudgetAlert> marked(List<Broken> broken, Kind kind) {
        boolean refused = kind == Kind.REFUSED;
        List<Broken> news = broken.stream()
                .filter(each ->
                        !(refused ? each.account().refused() : each.account().exceeded()))
                .toList();
        store.write(news.stream()
                .map(Broken::account)
                .map(refused ? Account::asRefused : Account::asExceeded)
                .toList());
        return news.stream()
                .map(each -> new BudgetAlert(kind, each.state(), null))
                .toList();
    }

    /** How it stands with an account, leaving out what is put by for the call itself: it may ask again. */
    private BudgetState stateFor(String callId, CountedBudget counted, Account account) {
        // Reserved before spent: an entry that is written in between then counts twice rather than not at all.
        BigDecimal reserved = store.reserved(account.key(), callId, now);
        Instant since = account.key().since();
        BigDecimal spent = counted.counts(since)
                ? account.spent()
                : sums(counted.budget(), since).getOrDefault(account.key().share(), BigDecimal.ZERO);
        return state(counted.budget(), account.key(), spent, reserved);
    }

    void release(String callId) {
        store.release(List.of(callId));
    }

    /** After these entries were written. */
    List<BudgetAlert> recorded(List<CostEvent> entries) {
        if (entries.isEmpty()) {
            return List.of();
        }
        List<CountedBudget> budgets = store.budgets();
        if (budgets.isEmpty()) {
            return List.of();
        }
        Changes changes = new Changes(budgets);
        entries.forEach(entry -> changes.add(entry, dollars(entry)));
        return apply(changes, entries);
    }

    /** After an entry was settled. */
    List<BudgetAlert> settled(CostEvent before, CostEvent after) {
        List<CountedBudget> budgets = store.budgets();
        if (budgets.isEmpty()) {
            return List.of();
        }
        Changes changes = new Changes(budgets);
        changes.add(after, dollars(after).subtract(dollars(before)));
        return apply(changes, List.of(after));
    }

    private List<BudgetAlert> apply(Changes changes, List<CostEvent> entries) {
        List<Crossing> crossings = new ArrayList<>();
        List<Account> changed = new ArrayList<>();
        changes.byAccount.forEach((key, change) -> {
            Account old = store.lock(key);
            Account account = old.withSpent(old.spent().add(change.amount()));
            for (BigDecimal threshold : crossed(change.budget(), old, account.spent())) {
                account = account.withTold(threshold);
                crossings.add(new Crossing(change.budget(), account, threshold));
            }
            changed.add(account);
        });
        store.write(changed);
        // After the accounts are locked, as everywhere.
        store.release(entries.stream()
                .filter(entry -> entry.cost().isKnown())
                .map(CostEvent::callId)
                .toList());
        return crossings.stream()
                .map(crossing -> new BudgetAlert(Kind.THRESHOLD, stateAt(crossing), crossing.threshold()))
                .toList();
    }

    private record Crossing(Budget budget, Account account, BigDecimal threshold) {}

    private BudgetState stateAt(Crossing crossing) {
        Account account = crossing.account();
        return state(crossing.budget(), account.key(), account.spent(), store.reserved(account.key(), "", now));
    }

    private static List<BigDecimal> crossed(Budget budget, Account old, BigDecimal spent) {
        return budget.thresholds().stream()
                .filter(threshold -> old.told() == null || threshold.compareTo(old.told()) > 0)
                .filter(threshold -> {
                    BigDecimal line = threshold.multiply(budget.limit());
                    return old.spent().compareTo(line) < 0 && line.compareTo(spent) <= 0;
                })
                .toList();
    }

    /** What entries change, by account; periods of which no accounts are kept are left out. */
    private static final class Changes {
        final SortedMap<AccountKey, Change> byAccount = new TreeMap<>();
        private final List<CountedBudget> budgets;

        record Change(Budget budget, BigDecimal amount) {}

        Changes(List<CountedBudget> budgets) {
            this.budgets = budgets;
        }

        void add(CostEvent entry, BigDecimal amount) {
            if (amount.signum() == 0) {
                return;
            }
            for (CountedBudget counted : budgets) {
                String share = counted.budget().scope().shareOf(entry.model(), entry.tags());
                if (share == null) {
                    continue;
                }
                AccountKey key = counted.key(share, entry.timing().started());
                if (counted.counts(key.since())) {
                    byAccount.merge(
                            key,
                            new Change(counted.budget(), amount),
                            (one, other) ->
                                    new Change(one.budget(), one.amount().add(other.amount())));
                }
            }
        }
    }

    /** What the entries of a period cost, by share; without shares of which nothing was spent. */
    private Map<String, BigDecimal> sums(Budget budget, Instant since) {
        LedgerQuery.Builder query = LedgerQuery.builder();
        Instant end = budget.period().end(since);
        if (end != null) {
            query.since(since).until(end);
        }
        Grouping by = Grouping.NOTHING;
        Scope scope = budget.scope();
        if (scope instanceof Scope.Model one) {
            query.model(one.model());
        } else if (scope instanceof Scope.Tag tag) {
            query.tag(tag.name(), tag.value());
        } else if (scope instanceof Scope.EachTag each) {
            by = Grouping.tag(each.name());
        }
        Map<String, BigDecimal> sums = new TreeMap<>();
        for (Total total : store.totals(by, query.build())) {
            String share = total.key();
            if (share != null
                    && total.currency().equals(Cost.USD)
                    && total.amount().signum() != 0) {
                sums.put(share, total.amount());
            }
        }
        return sums;
    }

    private static BudgetState state(Budget budget, AccountKey key, BigDecimal spent, BigDecimal reserved) {
        return new BudgetState(budget, key.share(), key.since(), budget.period().end(key.since()), spent, reserved);
    }

    private static BigDecimal dollars(CostEvent entry) {
        BigDecimal amount = entry.cost().amount();
        return amount == null || !entry.cost().currency().equals(Cost.USD) ? BigDecimal.ZERO : amount;
    }
}
