package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Scope;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Budgets as one would explain them: nothing is kept but the entries and the reservations, and all is added up each time. */
final class NaiveBudgets {
    final InMemoryLedger entries = new InMemoryLedger();
    private final Map<String, Budget> budgets = new TreeMap<>();
    private final List<Put> reservations = new ArrayList<>();

    private record Put(String callId, String budget, String share, Instant since, BigDecimal amount, Instant lapses) {}

    void set(Budget budget) {
        Budget old = budgets.put(budget.name(), budget);
        if (old == null || !old.scope().equals(budget.scope()) || old.period() != budget.period()) {
            reservations.removeIf(put -> put.budget.equals(budget.name()));
        }
    }

    boolean remove(String name) {
        reservations.removeIf(put -> put.budget.equals(name));
        return budgets.remove(name) != null;
    }

    void record(CostEvent event) {
        boolean known = entries.find(event.callId()).isPresent();
        entries.record(event);
        if (!known && entries.find(event.callId()).isPresent() && event.cost().isKnown()) {
            release(event.callId());
        }
    }

    boolean settle(String callId, Cost cost) {
        boolean changed = entries.settle(callId, cost, Usage.NOT_REPORTED);
        if (changed) {
            release(callId);
        }
        return changed;
    }

    void release(String callId) {
        reservations.removeIf(put -> put.callId.equals(callId));
    }

    /** Returns whether the call may be made. What has lapsed by then is gone, also for a clock that is behind. */
    boolean reserve(
            String callId, ModelId model, Map<String, String> tags, BigDecimal amount, Instant now, Instant lapses) {
        if (budgets.values().stream().noneMatch(budget -> budget.scope().shareOf(model, tags) != null)) {
            return true;
        }
        BigDecimal rounded = amount.setScale(9, RoundingMode.CEILING);
        reservations.removeIf(put -> !put.lapses.isAfter(now));
        List<Put> puts = new ArrayList<>();
        for (Budget budget : budgets.values()) {
            String share = budget.scope().shareOf(model, tags);
            if (share == null) {
                continue;
            }
            Instant since = budget.period().start(now);
            BigDecimal left = budget.limit().subtract(spent(budget, share, since));
            for (Put put : reservations) {
                if (put.budget.equals(budget.name())
                        && put.share.equals(share)
                        && put.since.equals(since)
                        && !put.callId.equals(callId)) {
                    left = left.subtract(put.amount);
                }
            }
            boolean fits = rounded.signum() == 0 ? left.signum() > 0 : rounded.compareTo(left) <= 0;
            if (!fits && budget.mode() == Budget.Mode.REFUSE) {
                return false;
            }
            puts.add(new Put(callId, budget.name(), share, since, rounded, lapses));
        }
        if (rounded.signum() > 0) {
            for (Put put : puts) {
                reservations.removeIf(old -> old.callId.equals(callId) && old.budget.equals(put.budget));
                reservations.add(put);
            }
        }
        return true;
    }

    List<BudgetState> states(Instant now) {
        List<CostEvent> all = entries.entries(LedgerQuery.ALL);
        List<BudgetState> states = new ArrayList<>();
        for (Budget budget : budgets.values()) {
            Instant since = budget.period().start(now);
            Map<String, BigDecimal> spent = new TreeMap<>();
            all.forEach(entry -> add(spent, budget, since, entry));
            spent.values().removeIf(sum -> sum.signum() == 0);
            Map<String, BigDecimal> reserved = new TreeMap<>();
            for (Put put : reservations) {
                if (put.budget.equals(budget.name()) && put.since.equals(since) && put.lapses.isAfter(now)) {
                    reserved.merge(put.share, put.amount, BigDecimal::add);
                }
            }
            TreeSet<String> shares = new TreeSet<>(spent.keySet());
            shares.addAll(reserved.keySet());
            if (!(budget.scope() instanceof Scope.EachTag)) {
                shares.add("");
            }
            for (String share : shares) {
                states.add(new BudgetState(
                        budget,
                        share,
                        since,
                        budget.period().end(now),
                        spent.getOrDefault(share, BigDecimal.ZERO),
                        reserved.getOrDefault(share, BigDecimal.ZERO)));
            }
        }
        return states;
    }

    private BigDecimal spent(Budget budget, String share, Instant since) {
        Map<String, BigDecimal> spent = new TreeMap<>();
        entries.entries(LedgerQuery.ALL).forEach(entry -> add(spent, budget, since, entry));
        return spent.getOrDefault(share, BigDecimal.ZERO);
    }

    private static void add(Map<String, BigDecimal> spent, Budget budget, Instant since, CostEvent entry) {
        BigDecimal amount = entry.cost().amount();
        String share = budget.scope().shareOf(entry.model(), entry.tags());
        if (amount != null
                && share != null
                && entry.cost().currency().equals(Cost.USD)
                && budget.period().start(entry.timing().started()).equals(since)) {
            spent.merge(share, amount, BigDecimal::add);
        }
    }
}
