package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.ConfigurationException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a file: each is told clearly, and when it is over every record is in the ledger once. */
class SqliteTroubleTest {
    @TempDir
    private Path folder;

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("ledger.db");
    }

    private Path journal() {
        return folder.resolve("ledger.db.pending");
    }

    private JdbcLedger ledger(String query) {
        return JdbcLedger.builder(url() + query).patience(Duration.ofMillis(20)).build();
    }

    private JournaledLedger journaled(JdbcLedger ledger) {
        return new JournaledLedger(ledger, journal(), Duration.ZERO, System::nanoTime);
    }

    private Settings settings(String url) {
        return Settings.of(
                Map.of(LedgerFactory.URL, url, LedgerFactory.JOURNAL, journal().toString()));
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection(url());
    }

    private static long number(Connection connection, String query) throws Exception {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.getLong(1);
        }
    }

    private static void assertThatEachIsThereOnce(Ledger ledger, String... ids) {
        assertThat(ledger.entries(LedgerQuery.ALL))
                .extracting(CostEvent::callId)
                .containsExactly(ids);
        assertThat(ledger.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0).calls())
                .isEqualTo(ids.length);
    }

    @Test
    void a_full_disk_is_told_and_once_there_is_room_every_record_is_there() throws Exception {
        long pages;
        try (JdbcLedger ledger = ledger("")) {
            ledger.record(call("1").build());
        }
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                    + " WHERE i < 200) SELECT i, randomblob(4000) AS data FROM n");
            pages = number(other, "PRAGMA page_count");
        }

        try (JdbcLedger full = ledger("?max_page_count=" + pages);
                JournaledLedger books = journaled(full)) {
            fillUp(full);
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> full.record(lengthy("x")))
                    .withMessageContaining("ledger.db could not record call x")
                    .withMessageContaining("SQLITE_FULL")
                    .withMessageContaining("Make room on its disk")
                    .satisfies(e -> assertThat(e.isOfTheRecord()).isFalse());
            books.record(lengthy("2"));
            assertThat(books.isBehind()).isTrue();
            assertThat(journal()).isNotEmptyFile();

            try (Connection other = connect();
                    Statement statement = other.createStatement()) {
                statement.execute("DELETE FROM filler");
            }
            books.record(lengthy("3"));
            assertThat(books.isBehind()).isFalse();
            assertThat(full.entries(LedgerQuery.builder().tag("of", "interest").build()))
                    .extracting(CostEvent::callId)
                    .containsExactly("2", "3");
            assertThat(full.find("x")).isEmpty();
        }
    }

    /** More than one page. */
    private static CostEvent lengthy(String id) {
        return call(id).tag("of", "interest").tag("text", "x".repeat(20_000)).build();
    }

    private static void fillUp(JdbcLedger full) {
        for (int i = 0; i < 100; i++) {
            try {
                full.record(call("filler-" + i).tag("text", "x".repeat(20_000)).build());
            } catch (LedgerException e) {
                return;
            }
        }
        throw new AssertionError("The file did not become full");
    }

    @Test
    void a_file_that_may_only_be_read_is_told_and_ridden_out() throws Exception {
        try (JdbcLedger ledger = ledger("")) {
            ledger.record(call("1").build());
        }
        String readOnly = "jdbc:sqlite:file:" + folder.resolve("ledger.db") + "?mode=ro";
        try (JdbcLedger ledger =
                JdbcLedger.builder(readOnly).patience(Duration.ofMillis(20)).build()) {
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> ledger.record(call("2").build()))
                    .withMessageContaining("ledger.db")
                    .withMessageContaining("SQLITE_READONLY")
                    .withMessageContaining("Let its user write to it");
        }
        try (Ledger books = LedgerFactory.open(settings(readOnly))) {
            books.record(call("2").build());
        }

        try (Ledger books = LedgerFactory.open(settings(url()))) {
            books.record(call("3").build());
            assertThatEachIsThereOnce(books, "1", "2", "3");
        }
    }

    @Test
    void a_file_without_permission_to_write_is_ridden_out() throws Exception {
        try (JdbcLedger ledger = ledger("")) {
            ledger.record(call("1").build());
        }
        Path file = folder.resolve("ledger.db");
        assertThat(file.toFile().setWritable(false)).isTrue();
        // The superuser may write whatever the permissions are.
        assumeThat(Files.isWritable(file)).isFalse();
        try (JournaledLedger books = journaled(ledger(""))) {
            books.record(call("2").build());
            assertThat(books.isBehind()).isTrue();

            // SQLite made the files beside it with the permissions of the file.
            for (File each : Objects.requireNonNull(folder.toFile().listFiles())) {
                assertThat(each.setWritable(true)).isTrue();
            }
            books.record(call("3").build());
            assertThatEachIsThereOnce(books, "1", "2", "3");
        }
    }

    @Test
    void a_file_that_is_locked_for_longer_than_patience_is_told_and_ridden_out() throws Exception {
        try (JdbcLedger ledger = ledger("");
                JournaledLedger books = journaled(ledger);
                Connection other = connect();
                Statement statement = other.createStatement()) {
            books.record(call("1").build());
            statement.execute("BEGIN EXCLUSIVE");
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> ledger.record(call("2").build()))
                    .withMessageContaining("SQLITE_BUSY")
                    .withMessageContaining("Find out what holds it locked");
            books.record(call("2").build());
            books.record(call("3").build());
            assertThat(books.isBehind()).isTrue();
            statement.execute("ROLLBACK");

            books.record(call("4").build());
            assertThatEachIsThereOnce(books, "1", "2", "3", "4");
        }
    }

    @Test
    void a_file_that_is_locked_at_the_start_is_ridden_out() throws Exception {
        try (JdbcLedger ledger = ledger("")) {
            ledger.record(call("1").build());
        }
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            try (JournaledLedger books = journaled(ledger(""))) {
                books.record(call("2").build());
                statement.execute("ROLLBACK");
                books.record(call("3").build());
                assertThatEachIsThereOnce(books, "1", "2", "3");
            }
        }
    }

    @Test
    void a_file_of_something_else_is_an_error_at_the_start_and_stays_as_it_is() throws Exception {
        String letter = "Dear ledger, ".repeat(100);
        Files.writeString(folder.resolve("ledger.db"), letter);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(settings(url())))
                .withMessageContaining("ledger.db")
                .withMessageContaining("SQLITE_NOTADB")
                .withMessageContaining("Let PORTOLAN_LEDGER_URL name another file");
        assertThat(folder.resolve("ledger.db")).hasContent(letter);
    }

    @Test
    void a_wrong_folder_is_an_error_at_the_start() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(settings("jdbc:sqlite:" + folder.resolve("no/ledger.db"))))
                .withMessageContaining(folder.resolve("no").toString())
                .withMessageContaining("Create it, or correct PORTOLAN_LEDGER_URL");
    }

    @Test
    void a_schema_from_the_future_is_an_error_at_the_start() throws Exception {
        try (JdbcLedger ledger = ledger("")) {
            ledger.record(call("1").build());
        }
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("INSERT INTO portolan_schema (version) VALUES (99)");
        }

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(settings(url())))
                .withMessageContaining("schema version 99")
                .withMessageContaining("Upgrade portolan-cost-tracking");
    }

    @Test
    void tables_that_another_version_changed_meanwhile_leave_the_records_to_the_journal() throws Exception {
        try (JournaledLedger books = journaled(ledger(""))) {
            books.record(call("1").build());
            try (Connection other = connect();
                    Statement statement = other.createStatement()) {
                statement.execute("ALTER TABLE portolan_call ADD COLUMN later TEXT");
                statement.execute("CREATE TRIGGER later BEFORE INSERT ON portolan_call WHEN NEW.later IS NULL"
                        + " BEGIN SELECT no_such_function(); END");
                books.record(call("2").build());
                assertThat(books.isBehind()).isTrue();
                statement.execute("DROP TRIGGER later");
            }
            books.record(call("3").build());
            assertThatEachIsThereOnce(books, "1", "2", "3");
        }
    }

    @Test
    void a_damaged_file_leaves_the_records_to_the_journal_until_it_is_restored() throws Exception {
        Path file = folder.resolve("ledger.db");
        try (JdbcLedger ledger = ledger("")) {
            ledger.record(call("1").build());
        }
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        // The first page stays, so that it is a database; all tables are zeros.
        Arrays.fill(bad, 4096, bad.length, (byte) 0);
        Files.write(file, bad);

        try (JdbcLedger damaged = ledger("")) {
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> damaged.record(call("2").build()))
                    .withMessageContaining("SQLITE_CORRUPT")
                    .withMessageContaining("Restore it from a copy, or move it away");
        }
        try (Ledger books = LedgerFactory.open(settings(url()))) {
            books.record(call("2").build());
        }

        Files.deleteIfExists(folder.resolve("ledger.db-wal"));
        Files.deleteIfExists(folder.resolve("ledger.db-shm"));
        Files.write(file, good);
        try (Ledger books = LedgerFactory.open(settings(url()))) {
            assertThatEachIsThereOnce(books, "1", "2");
        }
    }

    @Test
    void a_driver_that_is_missing_is_named() throws Exception {
        List<Driver> drivers = DriverManager.drivers()
                .filter(driver -> driver.getClass().getName().startsWith("org.sqlite"))
                .toList();
        assertThat(drivers).isNotEmpty();
        for (Driver driver : drivers) {
            DriverManager.deregisterDriver(driver);
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> LedgerFactory.open(settings(url())))
                    .withMessageContaining(url())
                    .withMessageContaining("no driver on the class path takes it")
                    .withMessageContaining("Add org.xerial:sqlite-jdbc to the dependencies");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            for (Driver driver : drivers) {
                DriverManager.registerDriver(driver);
            }
        }
    }
}
