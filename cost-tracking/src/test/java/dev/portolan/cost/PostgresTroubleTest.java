package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.ConfigurationException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a server: each is told clearly, and when it is over every record is in the ledger once. */
@Tag("thorough")
class PostgresTroubleTest {
    @TempDir
    private static Path data;

    private static EmbeddedPostgres server;
    private static int port;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start_the_server() throws IOException {
        server = start(0);
        port = server.getPort();
    }

    /** On the data that is there. */
    private static EmbeddedPostgres start(int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPGStartupWait(Postgres.STARTUP)
                .setDataDirectory(data.resolve("pg"))
                .setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    @AfterAll
    static void stop_the_server() throws IOException {
        server.close();
    }

    @BeforeEach
    void drop_all_tables() throws Exception {
        execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    }

    private static String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    private static void execute(String sql) throws Exception {
        String writing = url() + "?options=-c%20default_transaction_read_only=off";
        try (Connection connection = DriverManager.getConnection(writing, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void killConnections() throws Exception {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portolan'");
    }

    private static JdbcLedger ledger() {
        return JdbcLedger.builder(url())
                .user("postgres")
                .patience(Duration.ofSeconds(1))
                .build();
    }

    private JournaledLedger journaled(JdbcLedger ledger) {
        return new JournaledLedger(ledger, folder.resolve("pending"), Duration.ZERO, System::nanoTime);
    }

    private Settings settings(String url, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(more);
        all.put(LedgerFactory.URL, url);
        all.put(LedgerFactory.JOURNAL, folder.resolve("pending").toString());
        return Settings.of(all);
    }

    private static void assertThatEachIsThereOnce(Ledger ledger, String... ids) {
        assertThat(ledger.entries(LedgerQuery.ALL))
                .extracting(CostEvent::callId)
                .containsExactly(ids);
        assertThat(ledger.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0).calls())
                .isEqualTo(ids.length);
    }

    @Test
    void a_server_that_dies_is_ridden_out_and_one_that_is_down_at_the_start_too() throws Exception {
        try (JdbcLedger ledger = ledger();
                JournaledLedger books = journaled(ledger)) {
            books.record(call("1").build());
            server.close();
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> ledger.record(call("2").build()))
                    .withMessageContaining(url())
                    .withMessageContaining("could not record call 2")
                    .withMessageContaining("Make sure that the database can be reached");
            books.record(call("2").build());
            assertThat(books.isBehind()).isTrue();

            try (Ledger another = LedgerFactory.open(settings(url(), Map.of(LedgerFactory.USER, "postgres")))) {
                another.record(call("3").build());
            }
            server = start(port);

            books.record(call("4").build());
            assertThatEachIsThereOnce(books, "1", "2", "3", "4");
        }
    }

    @Test
    void a_connection_that_is_killed_in_the_middle_of_many_writes_loses_none_and_doubles_none() throws Exception {
        try (JournaledLedger books = journaled(ledger())) {
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                String name = i + "-";
                threads[i] = new Thread(() -> {
                    for (int j = 0; j < 50; j++) {
                        books.record(call(name + j).generation(name + j).build());
                    }
                });
                threads[i].start();
            }
            for (int i = 0; i < 5; i++) {
                killConnections();
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(books.catchUp()).isTrue();
            assertThat(books.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0).calls())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_server_that_takes_no_writes_for_a_time_is_told_and_ridden_out() throws Exception {
        try (JdbcLedger ledger = ledger();
                JournaledLedger books = journaled(ledger)) {
            books.record(call("1").build());
            execute("ALTER DATABASE postgres SET default_transaction_read_only = on");
            try {
                killConnections();
                assertThatExceptionOfType(LedgerException.class)
                        .isThrownBy(() -> ledger.record(
                                call("2").tag("customer", "s3cret").build()))
                        .withMessageContaining("read-only transaction")
                        .withMessageContaining("Let its user write to it")
                        .satisfies(e -> assertThat(trace(e)).doesNotContain("s3cret"));
                books.record(call("2").build());
                assertThat(books.isBehind()).isTrue();
            } finally {
                execute("ALTER DATABASE postgres SET default_transaction_read_only = off");
            }

            books.record(call("3").build());
            assertThatEachIsThereOnce(books, "1", "2", "3");
        }
    }

    @Test
    void a_row_that_is_refused_is_not_shown() throws Exception {
        try (JdbcLedger ledger = ledger()) {
            ledger.record(call("1").build());
            execute("ALTER TABLE portolan_call_tag ADD CONSTRAINT short CHECK (length(value) < 3)");

            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() ->
                            ledger.record(call("2").tag("customer", "s3cret").build()))
                    .withMessageContaining("could not record call 2")
                    .withMessageContaining("violates check constraint")
                    .withMessageContaining("refuses just this")
                    .satisfies(e -> assertThat(e.isOfTheRecord()).isTrue())
                    .satisfies(e -> assertThat(trace(e)).doesNotContain("s3cret"));
        }
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void a_wrong_password_is_an_error_at_the_start_and_is_not_shown() throws Exception {
        Path rules = Path.of(hbaFile());
        String before = Files.readString(rules);
        execute("CREATE ROLE guarded LOGIN PASSWORD 'r1ght'");
        try {
            Files.writeString(
                    rules,
                    "host all guarded 127.0.0.1/32 scram-sha-256\nhost all guarded ::1/128 scram-sha-256\n" + before);
            execute("SELECT pg_reload_conf()");
            execute("GRANT ALL ON SCHEMA public TO guarded");
            Map<String, String> wrong = Map.of(LedgerFactory.USER, "guarded", LedgerFactory.PASSWORD, "wr0ng");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> LedgerFactory.open(settings(url(), wrong)))
                    .withMessageContaining(url())
                    .withMessageContaining("Correct PORTOLAN_LEDGER_USER and PORTOLAN_LEDGER_PASSWORD")
                    .satisfies(e -> assertThat(e).hasMessageNotContaining("wr0ng"));

            Map<String, String> right = Map.of(LedgerFactory.USER, "guarded", LedgerFactory.PASSWORD, "r1ght");
            try (Ledger books = LedgerFactory.open(settings(url(), right))) {
                books.record(call("1").build());
                assertThat(books.find("1")).isPresent();
            }
        } finally {
            Files.writeString(rules, before);
            execute("SELECT pg_reload_conf()");
            execute("DROP OWNED BY guarded CASCADE; DROP ROLE guarded");
        }
    }

    private static String hbaFile() throws Exception {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "");
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SHOW hba_file")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void a_missing_database_is_an_error_at_the_start() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(
                        settings(url() + "_no?password=s3cret", Map.of(LedgerFactory.USER, "postgres"))))
                .withMessageContaining("postgres_no")
                .withMessageContaining("Create the database")
                .satisfies(e -> assertThat(e).hasMessageNotContaining("s3cret"));
    }

    @Test
    void a_schema_from_the_future_is_an_error_at_the_start() throws Exception {
        try (JdbcLedger ledger = ledger()) {
            ledger.record(call("1").build());
        }
        execute("INSERT INTO portolan_schema (version) VALUES (99)");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(settings(url(), Map.of(LedgerFactory.USER, "postgres"))))
                .withMessageContaining("schema version 99")
                .withMessageContaining("Upgrade portolan-cost-tracking");
    }

    @Test
    void a_table_that_is_held_for_longer_than_patience_is_ridden_out() throws Exception {
        try (JournaledLedger books = journaled(ledger());
                Connection other = DriverManager.getConnection(url(), "postgres", "");
                Statement statement = other.createStatement()) {
            books.record(call("1").build());
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE portolan_call");
            books.record(call("2").build());
            assertThat(books.isBehind()).isTrue();
            other.rollback();

            books.record(call("3").build());
            assertThatEachIsThereOnce(books, "1", "2", "3");
        }
    }

    @Test
    void a_setting_of_the_driver_that_would_hide_repeated_calls_is_an_error_at_the_start() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(settings(url() + "?reWriteBatchedInserts=true", Map.of())))
                .withMessageContaining("reWriteBatchedInserts")
                .withMessageContaining("Take it out of the URL");
    }
}
