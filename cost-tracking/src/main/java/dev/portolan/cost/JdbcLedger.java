package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.cost.account.AccountStore;
import dev.portolan.cost.account.LedgerBudgets;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in a database: SQLite ({@code jdbc:sqlite:/path/ledger.db}, one file, several processes) or PostgreSQL
 * ({@code jdbc:postgresql://host/database}, several instances). Its tables are made, and brought to this library's version,
 * when the database is first reached.
 *
 * <p>An entry is durable when {@code record} returns: with SQLite the file is synchronized (WAL, {@code synchronous=FULL}), with
 * PostgreSQL the transaction is committed, as durably as the server's {@code synchronous_commit} says.
 *
 * <p>Writes go through one connection; it is opened again when it was lost. Records that come while another is being written
 * share the next transaction, so that many threads together wait for the disk as often as one. Each query has a connection
 * of its own for as long as it takes, so that a long report holds up no call. Writing does not heed interrupts: the record of a
 * call whose caller was interrupted is written too.
 *
 * <p>Thread-safe. A database that cannot be reached, is locked or is full is a {@link LedgerException}; {@link JournaledLedger}
 * keeps the records until it is back. Wrong settings are a {@link ConfigurationException}. No message holds the password.
 */
public final class JdbcLedger implements Ledger {
    /** How long a lock, a connection, or the answer to a write is waited for unless said otherwise. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(5);

    private final JdbcAddress address;
    private final CallTable table;
    private final LedgerBudgets budgets;
    private final GroupCommit commits = new GroupCommit(this::insert);
    private final Queue<BudgetAlert> untold = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Jdbi writer = Jdbi.create(new KeptConnection());
    private final Jdbi reader;
    private @Nullable Connection kept;
    private boolean closed;
    private volatile boolean migrated;

    private JdbcLedger(JdbcAddress address, Clock clock) {
        this.address = address;
        this.budgets = new LedgerBudgets(new BudgetTransactions(), clock);
        this.table = new CallTable(address.dialect());
        this.reader = Jdbi.create(address::connectToRead);
    }

    /**
     * Begins a ledger at a JDBC URL.
     *
     * @throws ConfigurationException if the URL is not one of SQLite or PostgreSQL
     */
    public static Builder builder(String url) {
        return new Builder(url);
    }

    /**
     * Reaches for the database now rather than with the first record.
     *
     * @throws ConfigurationException if the user or the password is wrong, there is no such directory or database, or its
     *     schema is of a later version
     * @throws LedgerException if the database cannot be reached at present
     */
    public void check() {
        write("be opened", handle -> true);
    }

    @Override
    public void record(CostEvent event) {
        recordAll(List.of(event));
    }

    @Override
    public void recordAll(List<CostEvent> events) {
        List<CostEvent> entries = events.stream().map(Entries::checked).toList();
        if (entries.isEmpty()) {
            return;
        }
        try {
            commits.write(entries);
        } finally {
            // Not while the transaction is shared: a listener may write to this ledger, and would wait for itself.
            for (BudgetAlert alert = untold.poll(); alert != null; alert = untold.poll()) {
                budgets.tell(List.of(alert));
            }
        }
    }

    private void insert(List<CostEvent> entries) {
        String what =
                entries.size() == 1 ? "record call " + entries.get(0).callId() : "record " + entries.size() + " calls";
        // The budgets after the entries, in one piece: two transactions must not lock accounts in different orders.
        untold.addAll(write(what, handle -> budgets.recorded(accounts(handle), table.insert(handle, entries))));
    }

    @Override
    public boolean settle(String callId, Cost cost, Usage usage) {
        Entries.checkSettlement(callId, cost);
        List<BudgetAlert> alerts = new ArrayList<>();
        boolean changed = write("settle call " + callId, handle -> {
            Optional<CostEvent> before = table.findToChange(handle, callId).filter(Entries::isOpen);
            if (before.isEmpty()) {
                return false;
            }
            CostEvent after = Entries.settled(before.get(), cost, usage);
            table.settle(handle, before.get(), after);
            alerts.clear();
            alerts.addAll(budgets.settled(accounts(handle), before.get(), after));
            return true;
        });
        budgets.tell(alerts);
        return changed;
    }

    @Override
    public Optional<CostEvent> find(String callId) {
        return read(handle -> table.find(handle, callId));
    }

    @Override
    public List<CostEvent> entries(LedgerQuery query) {
        return read(handle -> table.entries(handle, query));
    }

    @Override
    public List<Total> totals(Grouping by, LedgerQuery query) {
        return read(handle -> table.totals(handle, by, query));
    }

    @Override
    public List<CrossTotal> totals(Grouping rows, Grouping columns, LedgerQuery query) {
        return rows instanceof Grouping.Field row && columns instanceof Grouping.Field column
                ? read(handle -> table.totals(handle, row, column, query))
                : Ledger.super.totals(rows, columns, query);
    }

    @Override
    public List<String> tagNames(LedgerQuery query) {
        return read(handle -> table.tagNames(handle, query));
    }

    @Override
    public List<CostEvent> unknown(LedgerQuery query) {
        return read(handle -> table.unknown(handle, query));
    }

    @Override
    public List<CostEvent> unsettled(LedgerQuery query) {
        return read(handle -> table.unsettled(handle, query));
    }

    @Override
    public BudgetBook budgets() {
        return budgets;
    }

    private AccountStore accounts(Handle handle) {
        return new BudgetTable(handle, address.dialect(), table);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            drop();
        } finally {
            lock.unlock();
        }
    }

    private <T> T read(HandleCallback<T, SQLException> work) {
        if (!migrated) {
            check();
        }
        try {
            // One transaction, so that all parts of an answer are of one moment.
            return reader.inTransaction(work);
        } catch (Exception e) {
            throw failure("be read", e);
        }
    }

    private <T> T write(String what, HandleCallback<T, SQLException> work) {
        return onKept(what, () -> writer.inTransaction(work));
    }

    private <T> T onKept(String what, Work<T> work) {
        // An interrupt would break the connection, and is for the call, which has ended.
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            if (closed) {
                throw new LedgerException("The ledger at " + address + " is closed and cannot " + what, null);
            }
            boolean reused = kept != null;
            try {
                return attempt(work);
            } catch (Exception e) {
                RuntimeException failure = failure(what, e);
                boolean isLost = !isAlive();
                if (!(failure instanceof LedgerException refused && refused.isOfTheRecord())) {
                    // A new one may reach another server, or be under other settings.
                    drop();
                }
                if (!isLost || !reused) {
                    throw failure;
                }
            }
            // A server drops connections that were idle for long. Once more is safe: no call is written twice.
            try {
                return attempt(work);
            } catch (Exception e) {
                drop();
                throw failure(what, e);
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Something done with the kept connection. */
    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        if (!migrated) {
            writer.useHandle(handle -> Schema.migrate(handle, address.dialect(), address.toString()));
            migrated = true;
        }
        return work.run();
    }

    private boolean isAlive() {
        Connection connection = kept;
        try {
            return connection != null && connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private void drop() {
        Connection connection = kept;
        kept = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                System.getLogger(JdbcLedger.class.getName())
                        .log(System.Logger.Level.DEBUG, "A lost connection could not be closed", e);
            }
        }
    }

    private RuntimeException failure(String what, Exception e) {
        Throwable cause = e;
        while (!(cause instanceof SQLException)
                && !(cause instanceof ConfigurationException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ConfigurationException || cause instanceof LedgerException) {
            return (RuntimeException) cause;
        }
        return cause instanceof SQLException sql
                ? address.failure(what, sql)
                : new LedgerException("The ledger at " + address + " could not " + what + ": " + cause, cause);
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return "JdbcLedger[" + address + "]";
    }

    /** Hands out the connection that is kept for writing, and does not let it be closed. */
    private final class KeptConnection implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            Connection connection = kept;
            if (connection == null) {
                connection = address.connect();
                kept = connection;
            }
            return connection;
        }

        @Override
        public void closeConnection(Connection connection) {}
    }

    private final class BudgetTransactions implements LedgerBudgets.Transactions {
        @Override
        public <T> T write(String what, Function<AccountStore, T> work) {
            return JdbcLedger.this.write(what, handle -> work.apply(accounts(handle)));
        }

        @Override
        public <T> T read(Function<AccountStore, T> work) {
            return JdbcLedger.this.read(handle -> work.apply(accounts(handle)));
        }

        /** On the kept connection, since a new one takes its time, and without a transaction, which would wait for a lock. */
        @Override
        public <T> T glance(Function<AccountStore, T> work) {
            return onKept("be asked for budgets", () -> writer.withHandle(handle -> work.apply(accounts(handle))));
        }
    }

    /** Collects what a connection needs. */
    public static final class Builder {
        private final String url;
        private @Nullable String user;
        private @Nullable String password;
        private Duration patience = DEFAULT_PATIENCE;
        private Clock clock = Clock.systemUTC();

        private Builder(String url) {
            this.url = Objects.requireNonNull(url, "url");
            JdbcAddress.dialectOf(url);
        }

        /** Whom to log in as; default: as the URL says. */
        public Builder user(String name) {
            user = name;
            return this;
        }

        /** With which password; default: as the URL says. */
        public Builder password(String secret) {
            password = secret;
            return this;
        }

        /** How long a lock, a connection, or the answer to a write is waited for; default: 5 seconds. */
        public Builder patience(Duration time) {
            patience = time;
            return this;
        }

        /** By which it is known what period is the current one when a budget is set; default: the system's. */
        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        /**
         * The ledger. Nothing is opened yet.
         *
         * @throws ConfigurationException if the driver is not on the class path
         */
        public JdbcLedger build() {
            return new JdbcLedger(JdbcAddress.of(url, user, password, patience), clock);
        }

        /** Without user and password. */
        @Override
        public String toString() {
            return "JdbcLedger.Builder";
        }
    }
}
