package dev.portolan.cost;

import dev.portolan.api.error.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/** Brings the tables of a ledger to the version that this library knows, one numbered script after the other. */
final class Schema {
    static final int VERSION = 3;

    private Schema() {}

    /**
     * In one transaction, and one process at a time.
     *
     * @param where the ledger, for messages
     * @throws ConfigurationException if the tables are of a later version; nothing is changed
     */
    static void migrate(Handle handle, Dialect dialect, String where) throws SQLException {
        handle.useTransaction(transaction -> {
            dialect.lockSchema(transaction);
            transaction.execute("CREATE TABLE IF NOT EXISTS portolan_schema (version INTEGER NOT NULL PRIMARY KEY)");
            int found = transaction
                    .select("SELECT COALESCE(MAX(version), 0) FROM portolan_schema")
                    .mapTo(Integer.class)
                    .one();
            if (found > VERSION) {
                throw new ConfigurationException("The ledger at " + where + " has schema version " + found
                        + ", but this version of Portolan knows only versions up to " + VERSION
                        + ". Upgrade portolan-cost-tracking to the version that wrote it, or set " + LedgerFactory.URL
                        + " to another database; the ledger was not changed");
            }
            for (int version = found + 1; version <= VERSION; version++) {
                for (String statement : script(dialect.script(version)).split(";\\s*\n", -1)) {
                    if (!statement.isBlank()) {
                        run(transaction, statement);
                    }
                }
                transaction.execute("INSERT INTO portolan_schema (version) VALUES (?)", version);
            }
        });
    }

    /** By the driver alone: Jdbi would take a colon or a question mark in a script for a parameter. */
    private static void run(Handle handle, String sql) throws SQLException {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(sql);
        }
    }

    private static String script(String name) {
        try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The script " + name + " cannot be read", e);
        }
    }
}
