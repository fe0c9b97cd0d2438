package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournaledLedgerTest extends LedgerContract {
    private static final Duration RETRY = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong();
    private final FailingLedger inner = new FailingLedger();

    @Override
    Ledger open() {
        return journaled(inner);
    }

    private JournaledLedger journaled(Ledger kept) {
        return new JournaledLedger(kept, journal(), RETRY, now::get);
    }

    private Path journal() {
        return folder.resolve("made").resolve("ledger.pending");
    }

    private List<String> inTheLedger() {
        return inner.order;
    }

    @Test
    void records_that_come_while_the_ledger_is_down_are_written_in_order_when_it_is_back() {
        inner.down = true;
        ledger.record(call("1").build());
        ledger.record(call("2").build());
        inner.down = false;
        ledger.record(call("3").build());

        assertThat(inTheLedger()).as("left alone for a while").isEmpty();
        now.addAndGet(RETRY.toNanos());
        ledger.record(call("4").build());

        assertThat(inTheLedger()).containsExactly("1", "2", "3", "4");
        assertThat(((JournaledLedger) ledger).isBehind()).isFalse();
        assertThat(journal()).isEmptyFile();
    }

    @Test
    void what_waited_in_the_journal_is_counted_in_the_period_it_began_in() {
        CostEvent event = call("1").cost("0.25").build();
        Instant started = event.timing().started();
        ledger.budgets().set(Budget.of("all", "1", Period.FOREVER));
        ledger.budgets().reserve("1", event.model(), event.tags(), BigDecimal.ONE, started, Instant.MAX);
        inner.down = true;
        ledger.record(event);
        assertThat(ledger.budgets().states(started))
                .extracting(BudgetState::spent, BudgetState::reserved)
                .containsExactly(tuple(BigDecimal.ZERO, BigDecimal.ONE));

        inner.down = false;
        assertThat(((JournaledLedger) ledger).catchUp()).isTrue();

        assertThat(ledger.budgets().states(started))
                .extracting(BudgetState::spent, BudgetState::reserved)
                .containsExactly(tuple(new BigDecimal("0.25"), BigDecimal.ZERO));
    }

    @Test
    void a_query_brings_the_ledger_up_to_date_once_it_is_due() {
        inner.down = true;
        ledger.record(call("1").build());
        inner.down = false;
        now.addAndGet(RETRY.toNanos());

        assertThat(ledger.find("1")).isPresent();
    }

    @Test
    void a_ledger_that_is_down_is_tried_once_in_a_while() {
        inner.down = true;
        ledger.record(call("1").build());
        ledger.record(call("2").build());
        assertThat(inner.tries).isEqualTo(1);

        now.addAndGet(RETRY.toNanos());
        ledger.record(call("3").build());
        ledger.record(call("4").build());
        assertThat(inner.tries).isEqualTo(2);
        assertThat(((JournaledLedger) ledger).catchUp()).isFalse();
    }

    @Test
    void the_journal_outlives_the_process_with_every_character() {
        inner.down = true;
        ledger.record(Events.full());
        ledger.record(call("2").build());
        ledger.close();
        inner.down = false;

        ledger = journaled(inner);

        assertThat(inner.find(Events.full().callId())).contains(Events.full());
        assertThat(inTheLedger()).containsExactly(Events.full().callId(), "2");
    }

    @Test
    void closing_hands_over_what_waits() {
        inner.down = true;
        ledger.record(call("1").build());
        inner.down = false;

        ledger.close();

        assertThat(inTheLedger()).containsExactly("1");
    }

    @Test
    void what_was_handed_over_before_a_failure_is_not_written_twice() {
        inner.down = true;
        for (int i = 0; i < 1200; i++) {
            ledger.record(call("" + i).cost("1").build());
        }
        inner.down = false;
        inner.failAfterTries = 1;
        assertThat(((JournaledLedger) ledger).catchUp()).isFalse();
        assertThat(inTheLedger()).hasSize(500);
        inner.failAfterTries = Integer.MAX_VALUE;

        assertThat(((JournaledLedger) ledger).catchUp()).isTrue();

        assertThat(total().calls()).isEqualTo(1200);
        assertThat(total().amount()).isEqualByComparingTo("1200");
    }

    @Test
    void a_last_line_that_was_cut_by_a_crash_is_passed_over_and_nothing_else_is_lost() throws IOException {
        inner.down = true;
        ledger.record(call("1").build());
        ledger.record(call("2").build());
        byte[] whole = Files.readAllBytes(journal());
        int secondLine = Files.readString(journal()).indexOf('\n') + 1;
        inner.down = false;
        for (int end = secondLine + 1; end < whole.length - 1; end += 7) {
            Files.write(journal(), Arrays.copyOf(whole, end));
            inner.clear();

            ledger = journaled(inner);

            assertThat(inTheLedger()).as("cut at %d", end).containsExactly("1");
            assertThat(journal()).isEmptyFile();
        }
    }

    @Test
    void a_record_after_a_cut_line_stands_on_a_line_of_its_own() throws IOException {
        inner.down = true;
        ledger.record(call("1").build());
        Files.writeString(journal(), "12ab\t1\tcall", StandardOpenOption.APPEND);
        ledger.record(call("2").build());
        inner.down = false;

        assertThat(((JournaledLedger) ledger).catchUp()).isTrue();

        assertThat(inTheLedger()).containsExactly("1", "2");
        assertThat(journal().resolveSibling("ledger.pending.damaged")).hasContent("12ab\t1\tcall");
    }

    @Test
    void a_journal_that_cannot_be_written_either_is_named() throws IOException {
        Files.writeString(folder.resolve("made"), "a file where a folder should be");
        inner.down = true;

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.record(call("1").build()))
                .withMessageContaining("Call 1")
                .withMessageContaining(journal().toString())
                .withMessageContaining("PORTOLAN_LEDGER_JOURNAL");
    }

    @Test
    void the_journal_takes_the_record_of_an_interrupted_caller() {
        inner.down = true;
        Thread.currentThread().interrupt();
        ledger.record(call("1").build());

        assertThat(Thread.interrupted()).isTrue();
        inner.down = false;
        assertThat(((JournaledLedger) ledger).catchUp()).isTrue();
        assertThat(inTheLedger()).containsExactly("1");
    }

    @Test
    void several_ledgers_share_a_journal_while_the_database_comes_and_goes() throws Exception {
        InMemoryLedger books = new InMemoryLedger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String name = thread + "-";
                ends.add(threads.submit(() -> {
                    FailingLedger flaky = new FailingLedger(books);
                    JournaledLedger one = new JournaledLedger(flaky, journal(), Duration.ZERO, System::nanoTime);
                    for (int i = 0; i < 100; i++) {
                        flaky.down = i % 10 < 5;
                        one.record(call(name + i).cost("1").build());
                    }
                    flaky.down = false;
                    one.catchUp();
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(journal()).isEmptyFile();
        assertThat(books.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0).calls())
                .isEqualTo(400);
    }

    @Test
    void a_call_is_kept_while_another_process_holds_the_sqlite_file() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("ledger.db");
        JdbcLedger database =
                JdbcLedger.builder(url).patience(Duration.ofMillis(1)).build();
        try (JournaledLedger books = journaled(database);
                Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            books.record(call("1").build());
            statement.execute("BEGIN EXCLUSIVE");
            books.record(call("2").build());
            assertThat(books.isBehind()).isTrue();
            statement.execute("ROLLBACK");

            assertThat(books.catchUp()).isTrue();
            assertThat(books.entries(LedgerQuery.ALL))
                    .extracting(CostEvent::callId)
                    .containsExactly("1", "2");
        }
    }
}
