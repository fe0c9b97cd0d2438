package dev.portolan.cost.proof;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** The databases that a ledger can be in, as settings name them. */
final class Databases implements AutoCloseable {
    private final EmbeddedPostgres server;

    Databases() throws Exception {
        server = EmbeddedPostgres.start();
    }

    /** An empty database: in a file of this folder, or the server's. */
    Map<String, String> settings(String kind, Path folder) throws Exception {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("PORTOLAN_LEDGER_JOURNAL", folder.resolve("calls.pending").toString());
        if (kind.equals("sqlite")) {
            settings.put("PORTOLAN_LEDGER_URL", "jdbc:sqlite:" + folder.resolve("ledger.db"));
            return settings;
        }
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }
        settings.put("PORTOLAN_LEDGER_URL", "jdbc:postgresql://localhost:" + server.getPort() + "/postgres");
        settings.put("PORTOLAN_LEDGER_USER", "postgres");
        settings.put("PORTOLAN_LEDGER_PASSWORD", "s3cret");
        return settings;
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
