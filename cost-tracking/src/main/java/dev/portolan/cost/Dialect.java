package dev.portolan.cost;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** In what the databases differ. */
enum Dialect {
    /**
     * Has no exact decimal type: an amount is added up in three integers. What does not fit, or could make the sums of billions
     * of entries leave 64 bits, is left to Java.
     */
    SQLITE("sqlite", "org.xerial:sqlite-jdbc") {
        @Override
        String figureColumns() {
            return "amount_nanos, amount_attos, amount_rontos, odd, prompt_tokens, completion_tokens, total_tokens";
        }

        @Override
        void bindAmount(SqlStatement<?> statement, CostEvent event) {
            BigDecimal amount = event.cost().amount();
            BigInteger[] parts = {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO};
            boolean odd = isOdd(event);
            if (amount != null && !odd) {
                BigInteger rontos = amount.movePointRight(27).toBigIntegerExact();
                for (int i = 2; i > 0; i--) {
                    parts[i] = rontos.mod(BILLION);
                    rontos = rontos.subtract(parts[i]).divide(BILLION);
                }
                parts[0] = rontos;
            }
            statement
                    .bind("amount_nanos", parts[0].longValueExact())
                    .bind("amount_attos", parts[1].longValueExact())
                    .bind("amount_rontos", parts[2].longValueExact())
                    .bind("odd", odd ? 1 : 0);
        }

        private boolean isOdd(CostEvent event) {
            BigDecimal amount = event.cost().amount();
            Usage usage = event.usage();
            return (amount != null
                            && (amount.stripTrailingZeros().scale() > 27
                                    || amount.abs().compareTo(GREATEST_AMOUNT) > 0))
                    || isOdd(usage.promptTokens())
                    || isOdd(usage.completionTokens())
                    || isOdd(usage.totalTokens());
        }

        private boolean isOdd(long tokens) {
            return tokens < 0 || tokens > MOST_TOKENS;
        }

        @Override
        String amountSums() {
            return "0, SUM(amount_nanos), SUM(amount_attos), SUM(amount_rontos)";
        }

        @Override
        boolean leavesOddFigures() {
            return true;
        }

        @Override
        List<String> grouped(List<String> order, List<String> columns) {
            // A prefix of an index needs no sorting, which would take longer than all the rest.
            List<String> needed = plus(List.of("currency", "cost_source"), columns);
            int last = needed.stream().mapToInt(order::indexOf).max().orElse(-1);
            return plus(order.subList(0, last + 1), needed);
        }

        @Override
        String callsOfReports() {
            // Without statistics the planner would take the index of times, and then read all of each row.
            return "portolan_call c INDEXED BY portolan_call_report";
        }

        @Override
        String contains(String text, String part) {
            return "instr(" + text + ", " + part + ") > 0";
        }

        @Override
        String tagIs(String name, String value) {
            return "c.name = " + name + " AND c.value = " + value;
        }

        @Override
        void beginReport(Handle handle) {
            // Groups come in the order of an index, and take no room.
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
        Trouble trouble(SQLException e) {
            // Without what else the driver puts into the higher bits; the numbers are those of sqlite.org/rescode.html.
            return switch (e.getErrorCode() & 0xff) {
                case 5, 6 -> Trouble.LOCKED;
                case 8 -> Trouble.READ_ONLY;
                case 11 -> Trouble.DAMAGED;
                case 13 -> Trouble.FULL;
                case 18, 19, 20 -> Trouble.RECORD;
                case 26 -> Trouble.NO_LEDGER;
                default -> Trouble.DOWN;
            };
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
        String figureColumns() {
            return "amount, prompt_tokens, completion_tokens, total_tokens";
        }

        @Override
        void bindAmount(SqlStatement<?> statement, CostEvent event) {
            statement.bind("amount", event.cost().amount());
        }

        @Override
        String amountSums() {
            return "SUM(amount), 0, 0, 0";
        }

        @Override
        boolean leavesOddFigures() {
            return false;
        }

        @Override
        List<String> grouped(List<String> order, List<String> columns) {
            return plus(List.of("currency", "cost_source"), columns);
        }

        @Override
        String callsOfReports() {
            return "portolan_call c";
        }

        @Override
        String contains(String text, String part) {
            return "strpos(" + text + ", " + part + ") > 0";
        }

        @Override
        String tagIs(String name, String value) {
            // The index is of the beginnings.
            return "left(c.name, 100) = left(" + name + ", 100) AND left(c.value, 100) = left(" + value
                    + ", 100) AND c.name = " + name + " AND c.value = " + value;
        }

        @Override
        void beginReport(Handle handle) {
            // Thousands of totals do not fit into the 4 MB of the default, and would go by way of the disk.
            handle.execute("SET LOCAL work_mem = '32MB'");
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
            // The detail of an error is the row with all its values.
            properties.setProperty("logServerErrorDetail", "false");
            properties.setProperty("ApplicationName", "portolan");
            return properties;
        }

        @Override
        Trouble trouble(SQLException e) {
            // As in the appendix on error codes of PostgreSQL's manual.
            String state = String.valueOf(e.getSQLState());
            return switch (state) {
                case "3D000", "3F000", "42501" -> Trouble.NO_DATABASE;
                case "53100" -> Trouble.FULL;
                case "25006" -> Trouble.READ_ONLY;
                case "55P03" -> Trouble.LOCKED;
                case "XX001", "XX002" -> Trouble.DAMAGED;
                default ->
                    switch (state.substring(0, Math.min(2, state.length()))) {
                        case "28" -> Trouble.LOGIN;
                        case "22", "23", "54" -> Trouble.RECORD;
                        default -> Trouble.DOWN;
                    };
            };
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
    private static final BigDecimal GREATEST_AMOUNT = new BigDecimal(1000);
    private static final long MOST_TOKENS = 1_000_000_000;

    private final String name;
    private final String driver;

    Dialect(String name, String driver) {
        this.name = name;
        this.driver = driver;
    }

    String prefix() {
        return "jdbc:" + name + ":";
    }

    private static List<String> plus(List<String> columns, List<String> more) {
        return Stream.concat(columns.stream(), more.stream()).distinct().toList();
    }

    /** The Maven coordinates of the driver. */
    String driver() {
        return driver;
    }

    /** The resource with the statements that lead to a version of the schema. */
    String script(int version) {
        return name + "/" + version + ".sql";
    }

    /** The columns that are added up. */
    abstract String figureColumns();

    /** Those of the columns that are not the tokens. */
    abstract void bindAmount(SqlStatement<?> statement, CostEvent event);

    /** Four columns: the sums of the units, and of 10^-9, 10^-18 and 10^-27 of a unit. */
    abstract String amountSums();

    /** Whether the rows that are marked as odd are left out of sums, for Java to add. */
    abstract boolean leavesOddFigures();

    /**
     * By which columns to group, so that currency, source and some more are known of each group.
     *
     * @param order the columns in the order in which the rows are kept
     * @param columns some more
     */
    abstract List<String> grouped(List<String> order, List<String> columns);

    /** The table of calls, to be read as a whole. */
    abstract String callsOfReports();

    abstract String contains(String text, String part);

    /** Whether a row of the table of tags has this name and value. */
    abstract String tagIs(String name, String value);

    /** Within a transaction, for the rest of it. */
    abstract void beginReport(Handle handle);

    /** What a connection is opened with. */
    abstract Properties connection(Duration patience);

    /** What a failure of the driver tells of the database. */
    abstract Trouble trouble(SQLException e);

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
