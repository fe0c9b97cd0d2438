package dev.portolan.benchmarks;

import dev.portolan.cost.JdbcLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Empty ledgers in SQLite and in a PostgreSQL that is as durable as one in earnest. Deletes its files when it is closed. */
final class Databases implements AutoCloseable {
    private final Path folder;
    private final EmbeddedPostgres server;
    private int count;

    private Databases(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * Starts the server.
     *
     * @param parent where the files are to be: on a disk whose speed is that of the question
     */
    static Databases start(Path parent) throws IOException, SQLException {
        Files.createDirectories(parent);
        Path folder = Files.createTempDirectory(parent, "ledgers");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgresql"))
                // Embedded for tests, it would not wait for the disk.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        Databases databases = new Databases(folder, server);
        for (String setting : new String[] {"fsync", "synchronous_commit"}) {
            if (!databases.shown("SHOW " + setting).equals("on")) {
                databases.close();
                throw new IllegalStateException(setting + " is not on; the figures would be of no use");
            }
        }
        return databases;
    }

    JdbcLedger sqlite() {
        return ledger("jdbc:sqlite:" + folder.resolve("ledger-" + count++ + ".db"));
    }

    JdbcLedger postgresql() {
        String name = "ledger_" + count++;
        execute("CREATE DATABASE " + name);
        return ledger(server.getJdbcUrl("postgres", name));
    }

    private static JdbcLedger ledger(String url) {
        JdbcLedger ledger =
                JdbcLedger.builder(url).patience(Duration.ofMinutes(5)).build();
        ledger.check();
        return ledger;
    }

    Path folder() {
        return folder;
    }

    /** What the server does by itself some time after many rows came: it notes what it has. */
    void settleDown(JdbcLedger postgresql) {
        String name = postgresql.toString().replaceAll(".*/(\\w+).*", "$1");
        try (Connection connection = server.getDatabase("postgres", name).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE");
        } catch (SQLException e) {
            throw new IllegalStateException("The server cannot be tidied up", e);
        }
    }

    private String shown(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The server did not take: " + sql, e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The files in " + folder + " could not be deleted", e);
        }
    }
}
