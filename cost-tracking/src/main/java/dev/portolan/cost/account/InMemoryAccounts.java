package dev.portolan.cost.account;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import dev.portolan.cost.budget.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps accounts as long as the process lives: those of the current period and the one before it, so that they do not pile up.
 * The ledger's lock is a transaction.
 */
public final class InMemoryAccounts implements AccountStore {
    private final Ledger ledger;
    private final Map<String, CountedBudget> budgets = new TreeMap<>();
    private final Map<AccountKey, Account> accounts = new HashMap<>();
    private final Map<AccountKey, Map<String, Reserved>> reservations = new HashMap<>();
    private final Map<String, Set<AccountKey>> keysOfCalls = new HashMap<>();
    private Instant nextLapse = Instant.MAX;

    /**
     * Those of a ledger.
     *
     * @param ledger asked for its entries
     */
    public InMemoryAccounts(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void holdEntries() {}

    @Override
    public List<CountedBudget> budgets() {
        return List.copyOf(budgets.values());
    }

    @Override
    public List<CountedBudget> heldBudgets() {
        return budgets();
    }

    @Override
    public void put(CountedBudget budget) {
        budgets.put(budget.budget().name(), budget);
    }

    @Override
    public boolean remove(String budget) {
        return budgets.remove(budget) != null;
    }

    @Override
    public void dropAccounts(String budget) {
        accounts.keySet().removeIf(key -> key.budget().equals(budget));
    }

    @Override
    public void dropReservations(String budget) {
        reservations.keySet().removeIf(key -> key.budget().equals(budget));
        keysOfCalls.values().forEach(keys -> keys.removeIf(key -> key.budget().equals(budget)));
        keysOfCalls.values().removeIf(Set::isEmpty);
    }

    @Override
    public Account lock(AccountKey key) {
        Account account = accounts.get(key);
        if (account != null) {
            return account;
        }
        dropBefore(key);
        return Account.opened(key);
    }

    private void dropBefore(AccountKey key) {
        CountedBudget counted = budgets.get(key.budget());
        if (counted == null || counted.budget().period() == Period.FOREVER) {
            return;
        }
        Instant oneBefore = counted.budget().period().start(key.since().minusNanos(1));
        if (oneBefore.isAfter(counted.from())) {
            budgets.put(key.budget(), new CountedBudget(counted.budget(), oneBefore));
            accounts.keySet()
                    .removeIf(old ->
                            old.budget().equals(key.budget()) && old.since().isBefore(oneBefore));
        }
    }

    @Override
    public void write(Collection<Account> changed) {
        changed.forEach(account -> accounts.put(account.key(), account));
    }

    @Override
    public List<Account> accounts(String budget, Instant since) {
        return accounts.values().stream()
                .filter(account -> isOf(account.key(), budget, since))
                .toList();
    }

    @Override
    public BigDecimal reserved(AccountKey key, String exceptCallId, Instant now) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Reserved each : reservations.getOrDefault(key, Map.of()).values()) {
            if (each.lapses().isAfter(now) && !each.callId().equals(exceptCallId)) {
                sum = sum.add(each.dollars());
            }
        }
        return sum;
    }

    @Override
    public Map<String, BigDecimal> reserved(String budget, Instant since, Instant now) {
        Map<String, BigDecimal> byShare = new TreeMap<>();
        for (AccountKey key : reservations.keySet()) {
            BigDecimal sum = isOf(key, budget, since) ? reserved(key, "", now) : BigDecimal.ZERO;
            if (sum.signum() != 0) {
                byShare.put(key.share(), sum);
            }
        }
        return byShare;
    }

    private static boolean isOf(AccountKey key, String budget, Instant since) {
        return key.budget().equals(budget) && key.since().equals(since);
    }

    @Override
    public void reserve(Reserved reserved) {
        Set<AccountKey> keys = keysOfCalls.computeIfAbsent(reserved.callId(), id -> new HashSet<>());
        for (AccountKey key : List.copyOf(keys)) {
            if (key.budget().equals(reserved.key().budget())) {
                forget(key, reserved.callId());
                keys.remove(key);
            }
        }
        keys.add(reserved.key());
        reservations.computeIfAbsent(reserved.key(), key -> new HashMap<>()).put(reserved.callId(), reserved);
        if (reserved.lapses().isBefore(nextLapse)) {
            nextLapse = reserved.lapses();
        }
    }

    @Override
    public void release(Collection<String> callIds) {
        for (String callId : callIds) {
            Set<AccountKey> keys = keysOfCalls.remove(callId);
            if (keys != null) {
                keys.forEach(key -> forget(key, callId));
            }
        }
    }

    private void forget(AccountKey key, String callId) {
        reservations.computeIfPresent(key, (same, byCall) -> {
            byCall.remove(callId);
            return byCall.isEmpty() ? null : byCall;
        });
    }

    @Override
    public void dropLapsed(Instant now) {
        // Each call that asks for money comes by here: look at all of them only when one has lapsed.
        if (nextLapse.isAfter(now)) {
            return;
        }
        List<Reserved> all = reservations.values().stream()
                .flatMap(byCall -> byCall.values().stream())
                .toList();
        nextLapse = Instant.MAX;
        for (Reserved each : all) {
            if (!each.lapses().isAfter(now)) {
                release(List.of(each.callId()));
            } else if (each.lapses().isBefore(nextLapse)) {
                nextLapse = each.lapses();
            }
        }
    }

    @Override
    public List<Total> totals(Grouping by, LedgerQuery query) {
        return ledger.totals(by, query);
    }

    @Override
    public List<CostEvent> entries(LedgerQuery query) {
        return ledger.entries(query);
    }
}
