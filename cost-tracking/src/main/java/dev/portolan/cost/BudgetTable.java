package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.account.Account;
import dev.portolan.cost.account.AccountKey;
import dev.portolan.cost.account.AccountStore;
import dev.portolan.cost.account.CountedBudget;
import dev.portolan.cost.account.Reserved;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads and writes the tables of a ledger's budgets, within one transaction. Every text goes through {@link Escapes#DATABASE}. */
final class BudgetTable implements AccountStore {
    private static final String BUDGETS = "SELECT name, limit_text, period, scope, scope_first, scope_second, mode,"
            + " thresholds, from_nanos FROM portolan_budget ORDER BY name";
    private static final String ACCOUNT =
            "SELECT share, spent, told, refused, exceeded FROM portolan_budget_account WHERE budget = :budget";
    /** In two parts, neither of which comes near 64 bits, which SQLite would fail to leave. */
    private static final String SUMS = "COALESCE(SUM(nanos / 1000000000), 0), COALESCE(SUM(nanos % 1000000000), 0)";

    private static final String RESERVATIONS = " FROM portolan_budget_reservation"
            + " WHERE budget = :budget AND since_nanos = :since AND lapses_nanos > :now";
    private static final int IDS_AT_ONCE = 500;
    private static final int LONGEST_KEY = 300;

    private final Handle handle;
    private final Dialect dialect;
    private final CallTable calls;

    BudgetTable(Handle handle, Dialect dialect, CallTable calls) {
        this.handle = handle;
        this.dialect = dialect;
        this.calls = calls;
    }

    @Override
    public void holdEntries() {
        dialect.lockCalls(handle);
    }

    @Override
    public List<CountedBudget> budgets() {
        return budgets("");
    }

    @Override
    public List<CountedBudget> heldBudgets() {
        return budgets(dialect.forShare());
    }

    private List<CountedBudget> budgets(String lock) {
        return handle.createQuery(BUDGETS + lock)
                .map((row, context) -> new CountedBudget(
                        new Budget(
                                text(row, 1),
                                new BigDecimal(row.getString(2)),
                                Period.valueOf(row.getString(3)),
                                scope(row),
                                Budget.Mode.valueOf(row.getString(7)),
                                Stream.of(row.getString(8).split(" "))
                                        .filter(part -> !part.isEmpty())
                                        .map(BigDecimal::new)
                                        .toList()),
                        Entries.instant(row.getLong(9))))
                .list();
    }

    private static Scope scope(ResultSet row) throws SQLException {
        String kind = row.getString(4);
        return switch (kind) {
            case "ALL" -> Scope.ALL;
            case "MODEL" -> Scope.model(new ModelId(text(row, 5), text(row, 6)));
            case "TAG" -> Scope.tag(text(row, 5), text(row, 6));
            case "EACH_TAG" -> Scope.eachTag(text(row, 5));
            default -> throw new SQLException("A budget of the ledger has the unknown scope " + kind);
        };
    }

    @Override
    public void put(CountedBudget counted) {
        Budget budget = counted.budget();
        Scope scope = budget.scope();
        var insert = handle.createUpdate("INSERT INTO portolan_budget (name, limit_text, period, scope, scope_first,"
                        + " scope_second, mode, thresholds, from_nanos) VALUES (:name, :limit, :period, :scope, :first,"
                        + " :second, :mode, :thresholds, :from) ON CONFLICT (name) DO UPDATE SET"
                        + " limit_text = excluded.limit_text, period = excluded.period, scope = excluded.scope,"
                        + " scope_first = excluded.scope_first, scope_second = excluded.scope_second,"
                        + " mode = excluded.mode, thresholds = excluded.thresholds, from_nanos = excluded.from_nanos")
                .bind("name", escaped(budget.name()))
                .bind("limit", budget.limit().toString())
                .bind("period", budget.period().name())
                .bind("mode", budget.mode().name())
                .bind(
                        "thresholds",
                        budget.thresholds().stream().map(BigDecimal::toString).collect(Collectors.joining(" ")))
                .bind("from", Entries.nanos(counted.from()));
        String kind = "ALL";
        String first = null;
        String second = null;
        if (scope instanceof Scope.Model one) {
            kind = "MODEL";
            first = one.model().provider();
            second = one.model().name();
        } else if (scope instanceof Scope.Tag tag) {
            kind = "TAG";
            first = tag.name();
            second = tag.value();
        } else if (scope instanceof Scope.EachTag each) {
            kind = "EACH_TAG";
            first = each.name();
        }
        insert.bind("scope", kind)
                .bind("first", escapedOrNull(first))
                .bind("second", escapedOrNull(second))
                .execute();
    }

    @Override
    public boolean remove(String budget) {
        return delete("portolan_budget WHERE name = ", budget) > 0;
    }

    @Override
    public void dropAccounts(String budget) {
        delete("portolan_budget_account WHERE budget = ", budget);
    }

    @Override
    public void dropReservations(String budget) {
        delete("portolan_budget_reservation WHERE budget = ", budget);
    }

    private int delete(String where, String budget) {
        return handle.createUpdate("DELETE FROM " + where + ":budget")
                .bind("budget", escaped(budget))
                .execute();
    }

    @Override
    public Account lock(AccountKey key) {
        return find(key).orElseGet(() -> {
            insert(List.of(Account.opened(key)), "NOTHING");
            // Another transaction may have made it first, and changed it.
            return find(key)
                    .orElseThrow(() ->
                            new IllegalStateException("An account of the budget '" + key.budget() + "' vanished"));
        });
    }

    private Optional<Account> find(AccountKey key) {
        Query select = handle.createQuery(
                        ACCOUNT + " AND share_key = :share_key AND since_nanos = :since" + dialect.forUpdate())
                .bind("budget", escaped(key.budget()))
                .bind("share_key", shareKey(key.share()))
                .bind("since", Entries.nanos(key.since()));
        return select.map((row, context) -> account(row, key.budget(), key.since())).stream()
                .findFirst();
    }

    @Override
    public List<Account> accounts(String budget, Instant since) {
        return handle.createQuery(ACCOUNT + " AND since_nanos = :since")
                .bind("budget", escaped(budget))
                .bind("since", Entries.nanos(since))
                .map((row, context) -> account(row, budget, since))
                .list();
    }

    private static Account account(ResultSet row, String budget, Instant since) throws SQLException {
        String told = row.getString(3);
        return new Account(
                new AccountKey(budget, text(row, 1), since),
                new BigDecimal(row.getString(2)),
                told == null ? null : new BigDecimal(told),
                row.getInt(4) != 0,
                row.getInt(5) != 0);
    }

    @Override
    public void write(Collection<Account> accounts) {
        insert(
                accounts,
                "UPDATE SET spent = excluded.spent, told = excluded.told, refused = excluded.refused,"
                        + " exceeded = excluded.exceeded");
    }

    private void insert(Collection<Account> accounts, String onConflict) {
        if (accounts.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO portolan_budget_account (budget, share_key, share,"
                + " since_nanos, spent, told, refused, exceeded) VALUES (:budget, :share_key, :share, :since, :spent,"
                + " :told, :refused, :exceeded) ON CONFLICT (budget, since_nanos, share_key) DO " + onConflict)) {
            for (Account account : accounts) {
                BigDecimal told = account.told();
                batch.bind("budget", escaped(account.key().budget()))
                        .bind("share_key", shareKey(account.key().share()))
                        .bind("share", escaped(account.key().share()))
                        .bind("since", Entries.nanos(account.key().since()))
                        .bind("spent", account.spent().toString())
                        .bind("told", told == null ? null : told.toString())
                        .bind("refused", account.refused() ? 1 : 0)
                        .bind("exceeded", account.exceeded() ? 1 : 0)
                        .add();
            }
            batch.execute();
        }
    }

    @Override
    public BigDecimal reserved(AccountKey key, String exceptCallId, Instant now) {
        Query sum = handle.createQuery(
                        "SELECT '', " + SUMS + RESERVATIONS + " AND share_key = :share_key AND call_id <> :call_id")
                .bind("share_key", shareKey(key.share()))
                .bind("call_id", escaped(exceptCallId));
        return Objects.requireNonNull(sums(sum, key.budget(), key.since(), now).get(""));
    }

    @Override
    public Map<String, BigDecimal> reserved(String budget, Instant since, Instant now) {
        Query sums = handle.createQuery("SELECT share, " + SUMS + RESERVATIONS + " GROUP BY share_key, share");
        return sums(sums, budget, since, now);
    }

    private static Map<String, BigDecimal> sums(Query select, String budget, Instant since, Instant now) {
        Map<String, BigDecimal> sums = new TreeMap<>();
        select.bind("budget", escaped(budget))
                .bind("since", Entries.nanos(since))
                .bind("now", Entries.nanos(now))
                .map((row, context) -> sums.put(
                        text(row, 1),
                        new BigDecimal(row.getString(2)).add(new BigDecimal(row.getString(3)).movePointLeft(9))))
                .list();
        return sums;
    }

    @Override
    public void reserve(Reserved reserved) {
        handle.createUpdate("INSERT INTO portolan_budget_reservation (call_id, budget, share_key, share, since_nanos,"
                        + " nanos, lapses_nanos) VALUES (:call_id, :budget, :share_key, :share, :since, :nanos, :lapses)"
                        + " ON CONFLICT (call_id, budget) DO UPDATE SET share_key = excluded.share_key,"
                        + " share = excluded.share, since_nanos = excluded.since_nanos, nanos = excluded.nanos,"
                        + " lapses_nanos = excluded.lapses_nanos")
                .bind("call_id", escaped(reserved.callId()))
                .bind("budget", escaped(reserved.key().budget()))
                .bind("share_key", shareKey(reserved.key().share()))
                .bind("share", escaped(reserved.key().share()))
                .bind("since", Entries.nanos(reserved.key().since()))
                .bind("nanos", reserved.nanos())
                .bind("lapses", Entries.nanos(reserved.lapses()))
                .execute();
    }

    @Override
    public void release(Collection<String> callIds) {
        List<String> ids = new ArrayList<>(callIds);
        for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
            handle.createUpdate("DELETE FROM portolan_budget_reservation WHERE call_id IN (<ids>)")
                    .bindList("ids", some.stream().map(BudgetTable::escaped).toList())
                    .execute();
        }
    }

    @Override
    public void dropLapsed(Instant now) {
        handle.createUpdate(dialect.deleteLapsed())
                .bind("now", Entries.nanos(now))
                .execute();
    }

    @Override
    public List<Total> totals(Grouping by, LedgerQuery query) {
        return calls.totals(handle, by, query);
    }

    @Override
    public List<CostEvent> entries(LedgerQuery query) {
        return calls.entries(handle, query);
    }

    /** A share is the value of a tag and may be longer than a database's index takes. */
    private static String shareKey(String share) {
        String text = escaped(share);
        if (text.length() <= LONGEST_KEY) {
            return text;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static String escaped(String text) {
        return Escapes.DATABASE.escaped(text);
    }

    private static @Nullable String escapedOrNull(@Nullable String text) {
        return text == null ? null : escaped(text);
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            throw new SQLException("Column " + column + " of a row of a budget is empty");
        }
        return Escapes.DATABASE.unescaped(text);
    }
}
