package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.error.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends LedgerContract {
    @TempDir
    private Path folder;

    @Override
    Ledger open() {
        return ledgerAt("ledger.db");
    }

    private JdbcLedger ledgerAt(String name) {
        return JdbcLedger.builder(url(name)).patience(Duration.ofMinutes(1)).build();
    }

    private String url(String name) {
        return "jdbc:sqlite:" + folder.resolve(name);
    }

    @Test
    void entries_survive_a_restart() {
        ledger.record(Events.full());
        ledger.close();

        ledger = open();

        assertThat(ledger.entries(LedgerQuery.ALL)).containsExactly(Events.full());
    }

    @Test
    void a_file_is_in_wal_mode_and_synchronized_in_full() throws Exception {
        ledger.record(call("1").build());

        assertThat(Files.exists(folder.resolve("ledger.db-wal"))).isTrue();
        try (Connection connection = JdbcAddress.of(url("ledger.db"), null, null, Duration.ofSeconds(1))
                .connect()) {
            assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(connection, "synchronous")).isEqualTo("2");
            assertThat(pragma(connection, "busy_timeout")).isEqualTo("1000");
        }
    }

    private static String pragma(Connection connection, String name) throws Exception {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA " + name)) {
            return row.getString(1);
        }
    }

    @Test
    void several_ledgers_may_begin_and_write_one_file_at_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "ledger-" + i;
                ends.add(threads.submit(() -> {
                    try (JdbcLedger other = ledgerAt("shared.db")) {
                        for (int j = 0; j < 25; j++) {
                            other.record(call(name + "-" + j).cost("0.1").build());
                        }
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }

        try (JdbcLedger shared = ledgerAt("shared.db")) {
            assertThat(shared.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0).amount())
                    .isEqualByComparingTo("10");
        }
    }

    @Test
    void a_schema_from_the_future_is_refused_and_left_alone() throws Exception {
        ledger.record(call("1").build());
        ledger.close();
        try (Connection connection = DriverManager.getConnection(url("ledger.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO portolan_schema (version) VALUES (7)");
        }

        try (JdbcLedger later = ledgerAt("ledger.db")) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(later::check)
                    .withMessageContaining("version 7")
                    .withMessageContaining("up to " + Schema.VERSION)
                    .withMessageContaining("Upgrade portolan-cost-tracking");
        }
        try (Connection connection = DriverManager.getConnection(url("ledger.db"));
                Statement statement = connection.createStatement();
                var count = statement.executeQuery("SELECT COUNT(*) FROM portolan_call")) {
            assertThat(count.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void a_locked_file_is_a_ledger_that_is_down() throws Exception {
        ledger.record(call("1").build());
        try (Connection other = DriverManager.getConnection(url("ledger.db"));
                Statement statement = other.createStatement();
                JdbcLedger impatient = JdbcLedger.builder(url("ledger.db"))
                        .patience(Duration.ofMillis(1))
                        .build()) {
            statement.execute("BEGIN EXCLUSIVE");

            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> impatient.record(call("2").build()))
                    .withMessageContaining("ledger.db")
                    .withMessageContaining("locked");

            statement.execute("ROLLBACK");
            impatient.record(call("2").build());
        }
        assertThat(total().calls()).isEqualTo(2);
    }

    @Test
    void a_record_that_the_database_refuses_takes_no_other_with_it() throws Exception {
        ledger.record(call("0").build());
        try (Connection other = DriverManager.getConnection(url("ledger.db"));
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TRIGGER refuse BEFORE INSERT ON portolan_call WHEN NEW.call_id LIKE 'bad%'"
                    + " BEGIN SELECT RAISE(ABORT, 'no'); END");
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> good = new ArrayList<>();
            List<Future<?>> bad = new ArrayList<>();
            for (int i = 1; i <= 80; i++) {
                String id = (i % 4 == 0 ? "bad-" : "good-") + i;
                (i % 4 == 0 ? bad : good)
                        .add(threads.submit(() ->
                                ledger.record(call(id).generation(id).cost("1").build())));
            }
            for (Future<?> end : good) {
                end.get();
            }
            for (Future<?> end : bad) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(end::get)
                        .havingCause()
                        .isInstanceOfSatisfying(
                                LedgerException.class,
                                e -> assertThat(e.isOfTheRecord()).isTrue())
                        .withMessageContaining("refuses just this");
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(total().calls()).isEqualTo(61);
        assertThat(total().amount()).isEqualByComparingTo("60.5");
    }

    @Test
    void a_missing_directory_is_named() {
        try (JdbcLedger lost = ledgerAt("missing/ledger.db")) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(lost::check)
                    .withMessageContaining(folder.resolve("missing").toString())
                    .withMessageContaining("Create it, or correct PORTOLAN_LEDGER_URL");
        }
    }

    @Test
    void a_directory_or_a_file_of_something_else_is_not_taken_for_a_ledger() throws Exception {
        Files.createDirectory(folder.resolve("directory"));
        Files.writeString(folder.resolve("letter.txt"), "Dear ledger, ".repeat(100));

        try (JdbcLedger directory = ledgerAt("directory");
                JdbcLedger letter = ledgerAt("letter.txt")) {
            assertThatExceptionOfType(ConfigurationException.class).isThrownBy(directory::check);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(letter::check)
                    .withMessageContaining("letter.txt")
                    .withMessageContaining("Let PORTOLAN_LEDGER_URL name another file");
        }
        assertThat(Files.readString(folder.resolve("letter.txt"))).startsWith("Dear ledger");
    }

    @Test
    void a_closed_ledger_says_so() {
        ledger.close();

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.record(call("1").build()))
                .withMessageContaining("closed");
    }
}
