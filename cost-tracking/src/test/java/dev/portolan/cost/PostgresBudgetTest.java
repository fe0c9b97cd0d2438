package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.Period;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("thorough")
class PostgresBudgetTest extends BudgetContract {
    private int port;

    @Override
    Ledger open() throws Exception {
        port = Postgres.emptied().getPort();
        return another();
    }

    @Override
    Ledger another() {
        return JdbcLedger.builder("jdbc:postgresql://localhost:" + port + "/postgres")
                .user("postgres")
                .clock(clock)
                .build();
    }

    @Test
    void a_budget_waits_for_calls_that_are_being_recorded_when_it_is_set() throws Exception {
        ledger.record(call("1").started(clock.instant()).cost("0.25").build());
        try (Connection other = Postgres.server().getPostgresDatabase().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT * FROM portolan_call");
            statement.execute("UPDATE copy SET call_id = '2'");
            statement.execute("INSERT INTO portolan_call SELECT * FROM copy");

            CompletableFuture<Void> set =
                    CompletableFuture.runAsync(() -> budgets.set(Budget.of("all", "1", Period.DAY)));
            awaitSomeoneWaiting(statement);
            assertThat(set).isNotDone();
            other.commit();
            set.get(10, TimeUnit.SECONDS);
        }

        assertThat(budgets.states(clock.instant()).get(0).spent()).isEqualByComparingTo("0.5");
    }

    private static void awaitSomeoneWaiting(Statement statement) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < deadline) {
            try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")) {
                row.next();
                if (row.getInt(1) > 0) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("Nobody waits for a lock");
    }
}
