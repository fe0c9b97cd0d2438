package dev.portolan.cost;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server for all tests of this process: it takes longer to start than a test to run. It stops with the process. */
final class Postgres {
    /** On a machine that has much else to do. */
    static final Duration STARTUP = Duration.ofMinutes(2);

    private static @Nullable EmbeddedPostgres server;

    private Postgres() {}

    static synchronized EmbeddedPostgres server() throws IOException {
        if (server == null) {
            server = EmbeddedPostgres.builder().setPGStartupWait(STARTUP).start();
        }
        return server;
    }

    /** Removes all tables. */
    static EmbeddedPostgres emptied() throws IOException, SQLException {
        EmbeddedPostgres empty = server();
        try (Connection connection = empty.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }
        return empty;
    }
}
