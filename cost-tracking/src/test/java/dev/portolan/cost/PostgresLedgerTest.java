package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.ConfigurationException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("thorough")
class PostgresLedgerTest extends LedgerContract {
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start_the_server() throws Exception {
        server = Postgres.server();
    }

    @Override
    Ledger open() throws Exception {
        execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        JdbcLedger empty = another();
        empty.check();
        return empty;
    }

    private static JdbcLedger another() {
        return JdbcLedger.builder(url()).user("postgres").password("s3cret").build();
    }

    private static String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void several_instances_may_begin_and_write_at_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ends.add(threads.submit(() -> {
                    try (JdbcLedger other = another()) {
                        for (int j = 0; j < 50; j++) {
                            other.record(call("call-" + j)
                                    .generation("gen-" + j)
                                    .cost("0.1")
                                    .build());
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

        assertThat(total().calls()).isEqualTo(50);
        assertThat(total().amount()).isEqualByComparingTo("5");
    }

    @Test
    void a_connection_that_the_server_dropped_is_opened_again() throws Exception {
        ledger.record(call("1").build());
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portolan'");

        ledger.record(call("2").build());

        assertThat(total().calls()).isEqualTo(2);
    }

    @Test
    void instances_that_write_the_same_calls_in_another_order_do_not_block_each_other() throws Exception {
        List<CostEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            events.add(call("call-" + i)
                    .generation("gen-" + (200 - i))
                    .cost("0.1")
                    .tag("team", "red")
                    .build());
        }
        List<CostEvent> reversed = new ArrayList<>(events);
        Collections.reverse(reversed);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (JdbcLedger other = another()) {
            for (int i = 0; i < 10; i++) {
                execute("TRUNCATE portolan_call, portolan_call_tag, portolan_call_generation");
                Future<?> one = threads.submit(() -> ledger.recordAll(events));
                Future<?> two = threads.submit(() -> other.recordAll(reversed));
                one.get();
                two.get();
                assertThat(total().calls()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ledger.totals(Grouping.tag("team"), LedgerQuery.ALL))
                .extracting(Total::calls)
                .containsExactly(200L);
    }

    @Test
    void a_schema_from_the_future_is_refused() throws Exception {
        ledger.record(call("1").build());
        execute("INSERT INTO portolan_schema (version) VALUES (7)");

        try (JdbcLedger later = another()) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(later::check)
                    .withMessageContaining("version 7");
        }
    }

    @Test
    void a_database_that_is_not_there_is_a_wrong_setting() {
        try (JdbcLedger lost =
                JdbcLedger.builder(url() + "x?password=s3cret").user("postgres").build()) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(lost::check)
                    .withMessageContaining("PORTOLAN_LEDGER_URL")
                    .satisfies(e -> assertThat(e).hasMessageNotContaining("s3cret"));
            assertThat(lost.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void a_table_that_another_session_holds_is_not_waited_for_longer_than_patience() throws Exception {
        ledger.record(call("1").build());
        try (Connection other = server.getPostgresDatabase().getConnection();
                Statement statement = other.createStatement();
                JdbcLedger impatient = JdbcLedger.builder(url())
                        .user("postgres")
                        .patience(Duration.ofSeconds(1))
                        .build()) {
            other.setAutoCommit(false);
            impatient.check();
            statement.execute("LOCK TABLE portolan_call");

            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> impatient.record(call("2").build()));

            other.rollback();
            impatient.record(call("2").build());
        }
        assertThat(total().calls()).isEqualTo(2);
    }
}
