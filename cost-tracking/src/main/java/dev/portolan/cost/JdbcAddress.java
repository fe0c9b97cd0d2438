package dev.portolan.cost;

import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ErrorDetails;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a database is and how to get in. Shows neither user nor password, and nothing of a URL's query. */
final class JdbcAddress {
    private static final String EXPECTED =
            "expected 'jdbc:sqlite:/path/ledger.db', 'jdbc:postgresql://host/database', 'memory' or 'none'";

    private final Dialect dialect;
    private final Driver driver;
    private final String url;
    private final Properties properties;
    private final Duration patience;

    private JdbcAddress(Dialect dialect, Driver driver, String url, Properties properties, Duration patience) {
        this.dialect = dialect;
        this.driver = driver;
        this.url = url;
        this.properties = properties;
        this.patience = patience;
    }

    static JdbcAddress of(String url, @Nullable String user, @Nullable String password, Duration patience) {
        Dialect dialect = dialectOf(url);
        Driver driver = drivers()
                .filter(candidate -> accepts(candidate, url))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(LedgerFactory.URL + " is '" + shown(url)
                        + "', but no driver on the class path takes it. Add " + dialect.driver()
                        + " to the dependencies, or correct the URL"));
        if (url.contains("reWriteBatchedInserts=true")) {
            throw new ConfigurationException(LedgerFactory.URL + " is '" + shown(url)
                    + "' with reWriteBatchedInserts=true, with which the driver does not tell which calls were there"
                    + " already. Take it out of the URL");
        }
        Properties properties = dialect.connection(patience);
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return new JdbcAddress(dialect, driver, url, properties, patience);
    }

    /**
     * The database that a URL is of.
     *
     * @throws ConfigurationException if it is of another, or of one that would not outlive its connection
     */
    static Dialect dialectOf(String url) {
        for (Dialect dialect : Dialect.values()) {
            if (url.startsWith(dialect.prefix())) {
                String place = url.substring(dialect.prefix().length());
                if (dialect == Dialect.SQLITE
                        && (place.isBlank() || place.startsWith(":") || place.contains("mode=memory"))) {
                    throw new ConfigurationException(LedgerFactory.URL + " is '" + shown(url)
                            + "', which names no file; expected 'jdbc:sqlite:/path/ledger.db', or 'memory' for a ledger"
                            + " that ends with the process");
                }
                return dialect;
            }
        }
        throw new ConfigurationException(LedgerFactory.URL + " is '" + shown(url) + "'; " + EXPECTED);
    }

    /** The file of an SQLite database. */
    static Path fileOf(String url) {
        String place = url.substring(Dialect.SQLITE.prefix().length());
        String path = place.startsWith("file:") ? place.substring("file:".length()) : place;
        int query = path.indexOf('?');
        try {
            return Path.of(query < 0 ? path : path.substring(0, query)).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new ConfigurationException(
                    LedgerFactory.URL + " is '" + shown(url) + "', which is no path on this machine",
                    ErrorDetails.NONE,
                    e);
        }
    }

    Dialect dialect() {
        return dialect;
    }

    Connection connect() throws SQLException {
        Connection connection = connect(properties);
        if (dialect == Dialect.POSTGRESQL) {
            // Budgets rely on it: what is read after a lock was waited for must be what the lock's holder wrote. The
            // server's
            // own default may be another.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        return connection;
    }

    /** For queries: a transaction sees one moment, and takes no lock that a writer waits for. */
    Connection connectToRead() throws SQLException {
        Properties reading = new Properties();
        reading.putAll(properties);
        // A report over years may take its time.
        reading.remove("socketTimeout");
        if (dialect == Dialect.SQLITE) {
            reading.setProperty("transaction_mode", "DEFERRED");
        }
        Connection connection = connect(reading);
        if (dialect == Dialect.POSTGRESQL) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        return connection;
    }

    private Connection connect(Properties properties) throws SQLException {
        if (dialect == Dialect.SQLITE) {
            Path file = fileOf(url);
            Path folder = file.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new ConfigurationException("The ledger at " + this + " cannot be opened: " + folder
                        + " is not a directory. Create it, or correct " + LedgerFactory.URL);
            }
            if (Files.isDirectory(file)) {
                throw new ConfigurationException("The ledger at " + this + " cannot be opened: it is a directory. Let "
                        + LedgerFactory.URL + " name a file in it");
            }
        }
        Connection connection = open(properties);
        if (connection == null) {
            throw new ConfigurationException(
                    LedgerFactory.URL + " is '" + this + "', which " + dialect.driver() + " cannot read; " + EXPECTED);
        }
        return connection;
    }

    private @Nullable Connection open(Properties properties) throws SQLException {
        long begun = System.nanoTime();
        while (true) {
            try {
                return driver.connect(url, properties);
            } catch (SQLException e) {
                // The first to open a new file changes its mode, and SQLite lets nobody wait for that.
                if (dialect.trouble(e) != Trouble.LOCKED || System.nanoTime() - begun > patience.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    /** What a failure of the driver means for the user. */
    RuntimeException failure(String what, SQLException failure) {
        SQLException e = ofOneStatement(failure);
        SQLException cause = isClean(e) ? e : null;
        String reason = cause == null ? "SQL state " + e.getSQLState() : e.getMessage();
        Trouble trouble = dialect.trouble(e);
        String message = "The ledger at " + this + " could not " + what + ": " + reason + ". " + trouble.remedy();
        return trouble.isOfTheSettings()
                ? new ConfigurationException(message, ErrorDetails.NONE, cause)
                : new LedgerException(message, cause, trouble == Trouble.RECORD);
    }

    /** A failure of a batch shows the values in it. */
    private static SQLException ofOneStatement(SQLException failure) {
        if (failure instanceof BatchUpdateException) {
            if (failure.getNextException() != null) {
                return failure.getNextException();
            }
            if (failure.getCause() instanceof SQLException cause) {
                return cause;
            }
        }
        return failure;
    }

    /** Whether neither the password nor the URL's query stands in a message of a chain of failures. */
    private boolean isClean(Throwable e) {
        String password = properties.getProperty("password", "");
        for (Throwable t = e; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if ((!password.isEmpty() && message.contains(password))
                    || (!shown(url).equals(url) && message.contains(url))
                    || message.contains("password=")) {
                return false;
            }
        }
        return true;
    }

    /** Those that have registered, then those of this thread's class path, which need not have if there are several. */
    private static Stream<Driver> drivers() {
        return Stream.concat(
                DriverManager.drivers(),
                ServiceLoader.load(Driver.class).stream().map(ServiceLoader.Provider::get));
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            return false;
        }
    }

    /** A URL without what may be secret: its query, and who logs in. */
    private static String shown(String url) {
        int query = url.indexOf('?');
        String plain = query < 0 ? url : url.substring(0, query);
        int at = plain.lastIndexOf('@');
        int slashes = plain.indexOf("//");
        if (at < 0 || plain.startsWith(Dialect.SQLITE.prefix())) {
            return plain;
        }
        return (slashes < 0 ? "" : plain.substring(0, slashes + 2)) + "…" + plain.substring(at);
    }

    @Override
    public String toString() {
        return shown(url);
    }
}
