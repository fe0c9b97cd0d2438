package dev.portolan.cost;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** In what the databases differ. */
enum Dialect {
    /**
     * Has no exact decimal type: an amount is added up in three integers, the greater of which stay far from 64 bits even with
     * billions of entries. What does not fit is left to Java.
     */
    SQLITE("sqlite", "org.xerial:sqlite-jdbc") {
        @Override
        String amountColumns() {
            return "amount_units, amount_nanos, amount_attos, odd_amount";
        }

        @Override
        String amountParameters() {
            return ":units, :nanos, :attos, :odd";
        }

        @Override
        void bindAmount(SqlStatement<?> statement, @Nullable BigDecimal amount) {
            long units = 0;
            long nanos = 0;
            long attos = 0;
            boolean odd = amount != null && !fits(amount);
            if (amount != null && !odd) {
                BigInteger[] high = floor(amount.movePointRight(18).toBigIntegerExact());
                attos = high[1].longValueExact();
                BigInteger[] higher = floor(high[0]);
                nanos = higher[1].longValueExact();
                units = higher[0].longValueExact();
            }
            statement.bind("units", units).bind("nanos", nanos).bind("attos", attos);
            statement.bind("odd", odd ? 1 : 0);
        }

        private boolean fits(BigDecimal amount) {
            return amount.stripTrailingZeros().scale() <= 18 && amount.abs().compareTo(LARGEST) <= 0;
        }

        private BigInteger[] floor(BigInteger number) {
            BigInteger low = number.mod(BILLION);
            return new BigInteger[] {number.subtract(low).divide(BILLION), low};
        }

        @Override
        String amountSums() {
            return "SUM(c.amount_units), SUM(c.amount_nanos), SUM(c.amount_attos)";
        }

        @Override
        boolean leavesOddAmounts() {
            return true;
        }

        @Override
        Properties connection(Duration patience) {
            Properties properties = new Properties();
            properties.setProperty("busy_timeout", Long.toString(patience.toMillis()));
            properties.setProperty("journal_mode", "WAL");
            properties.setProperty("synchronous", "FULL");
            // A transaction that first reads and then writes could not wait for another writer.
            properties.setProperty("transaction_mode", "IMMEDIATE");
            return properties;
        }

        @Override
        void lockSchema(Handle handle) {
            // The transaction holds the lock from its first statement on.
        }

        @Override
        void lockCalls(Handle handle) {
            // As above.
        }

        @Override
        String forUpdate() {
            return "";
        }

        @Override
        String forShare() {
            return "";
        }

        @Override
        String deleteLapsed() {
            return "DELETE FROM portolan_budget_reservation WHERE lapses_nanos <= :now";
        }
    },

    POSTGRESQL("postgresql", "org.postgresql:postgresql") {
        @Override
        String amountColumns() {
            return "amount";
        }

        @Override
        String amountParameters() {
            return ":amount";
        }

        @Override
        void bindAmount(SqlStatement<?> statement, @Nullable BigDecimal amount) {
            statement.bind("amount", amount);
        }

        @Override
        String amountSums() {
            return "SUM(c.amount), 0, 0";
        }

        @Override
        boolean leavesOddAmounts() {
            return false;
        }

        @Override
        Properties connection(Duration patience) {
            Properties properties = new Properties();
            String seconds = Long.toString(Math.max(1, patience.toSeconds()));
            properties.setProperty("connectTimeout", seconds);
            properties.setProperty("loginTimeout", seconds);
            // A server that no longer answers must not hold up the call whose record this is.
            properties.setProperty("socketTimeout", seconds);
            properties.setProperty("tcpKeepAlive", "true");
            properties.setProperty("ApplicationName", "portolan");
            return properties;
        }

        @Override
        void lockSchema(Handle handle) {
            handle.select("SELECT pg_advisory_xact_lock(7020718201)")
                    .map((row, context) -> "")
                    .one();
        }

        @Override
        void lockCalls(Handle handle) {
            handle.execute("LOCK TABLE portolan_call IN EXCLUSIVE MODE");
        }

        @Override
        String forUpdate() {
            return " FOR UPDATE";
        }

        @Override
        String forShare() {
            return " FOR SHARE";
        }

        @Override
        String deleteLapsed() {
            // Never waits for another transaction that drops the same ones, so that the two cannot wait for each other.
            return "DELETE FROM portolan_budget_reservation WHERE ctid = ANY (ARRAY(SELECT ctid FROM"
                    + " portolan_budget_reservation WHERE lapses_nanos <= :now LIMIT 1000 FOR UPDATE SKIP LOCKED))";
        }
    };

    private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);
    private static final BigDecimal LARGEST = new BigDecimal(BILLION);

    private final String name;
    private final String driver;

    Dialect(String name, String driver) {
        this.name = name;
        this.driver = driver;
    }

    String prefix() {
        return "jdbc:" + name + ":";
    }

    /** The Maven coordinates of the driver. */
    String driver() {
        return driver;
    }

    /** The resource with the statements that lead to a version of the schema. */
    String script(int version) {
        return name + "/" + version + ".sql";
    }

    /** The columns in which an amount is kept, to be added up. */
    abstract String amountColumns();

    abstract String amountParameters();

    abstract void bindAmount(SqlStatement<?> statement, @Nullable BigDecimal amount);

    /** Three columns: the sums of the units, of 10^-9 and of 10^-18 of a unit. */
    abstract String amountSums();

    /** Whether the sums leave out the rows that are marked as odd. */
    abstract boolean leavesOddAmounts();

    /** What a connection is opened with. */
    abstract Properties connection(Duration patience);

    /** Keeps other processes from changing the schema until the transaction ends. */
    abstract void lockSchema(Handle handle);

    /** Keeps other transactions from writing or settling calls until this one ends; they may be read. */
    abstract void lockCalls(Handle handle);

    /** At the end of a query: keeps its rows for this transaction alone. */
    abstract String forUpdate();

    /** At the end of a query: keeps its rows from being changed until this transaction ends. */
    abstract String forShare();

    /** A statement that deletes reservations that have lapsed. */
    abstract String deleteLapsed();
}
