package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
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
    void a_settlement_is_refused_and_to_be_tried_again_while_the_ledger_is_down_or_behind() {
        Cost dollar = Cost.reported(BigDecimal.ONE);
        inner.down = true;
        ledger.record(call("1").cost(Cost.UNKNOWN).generation("g").build());
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.settle("1", dollar, Usage.NOT_REPORTED))
                .withMessageContaining("Call 1")
                .withMessageContaining("Try again later");
        inner.down = false;
        assertThatExceptionOfType(LedgerException.class)
                .as("its entry waits in the journal")
                .isThrownBy(() -> ledger.settle("1", dollar, Usage.NOT_REPORTED));
        now.addAndGet(RETRY.toNanos());

        assertThat(ledger.settle("1", dollar, Usage.NOT_REPORTED)).isTrue();

        assertThat(total().amount()).isEqualByComparingTo("1");
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

    /** Nothing can be written to the journal until {@link #makeRoom()}. */
    private void fillTheDisk() throws IOException {
        Files.writeString(folder.resolve("made"), "a file where a folder should be");
    }

    private void makeRoom() throws IOException {
        Files.delete(folder.resolve("made"));
    }

    private JournaledLedger books() {
        return (JournaledLedger) ledger;
    }

    @Test
    void records_that_the_journal_cannot_take_either_are_kept_in_memory_until_it_can() throws IOException {
        fillTheDisk();
        inner.down = true;
        ledger.record(call("1").build());
        ledger.record(call("2").build());
        assertThat(books().inMemory()).isEqualTo(2);
        assertThat(books().isBehind()).isTrue();

        makeRoom();
        ledger.record(call("3").build());

        assertThat(books().inMemory()).isZero();
        assertThat(Files.readAllLines(journal())).hasSize(3);
        inner.down = false;
        assertThat(books().catchUp()).isTrue();
        assertThat(inTheLedger()).containsExactly("1", "2", "3");
    }

    @Test
    void records_in_memory_are_handed_over_when_the_ledger_is_back_though_the_disk_is_still_full() throws IOException {
        fillTheDisk();
        inner.down = true;
        ledger.record(call("1").build());
        inner.down = false;
        ledger.record(call("2").build());
        now.addAndGet(RETRY.toNanos());
        ledger.record(call("3").build());

        assertThat(inTheLedger()).containsExactly("1", "2", "3");
        assertThat(books().inMemory()).isZero();
        assertThat(books().isBehind()).isFalse();
    }

    @Test
    void closing_hands_over_what_is_in_memory_to_the_ledger_or_else_to_the_journal() throws IOException {
        fillTheDisk();
        inner.down = true;
        ledger.record(call("1").build());
        inner.down = false;
        ledger.close();
        assertThat(inTheLedger()).containsExactly("1");

        inner.down = true;
        ledger = open();
        ledger.record(call("2").build());
        makeRoom();
        ledger.close();
        assertThat(Files.readAllLines(journal())).hasSize(1);
    }

    @Test
    void closing_tells_how_many_records_are_lost_if_nothing_takes_them() throws IOException {
        fillTheDisk();
        inner.down = true;
        ledger.record(call("1").build());
        ledger.record(call("2").build());

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(ledger::close)
                .withMessageContaining("2 records are lost")
                .withMessageContaining(journal().toString());
    }

    @Test
    void memory_holds_so_many_records_and_the_one_too_many_is_named() throws IOException {
        fillTheDisk();
        inner.down = true;
        ledger = new JournaledLedger(inner, journal(), 2, RETRY, now::get);
        ledger.record(call("1").build());
        ledger.record(call("2").build());

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.record(call("3").build()))
                .withMessageContaining("Call 3 was not recorded")
                .withMessageContaining(journal().toString())
                .withMessageContaining("Make room on its disk")
                .withMessageContaining("PORTOLAN_LEDGER_JOURNAL")
                .withMessageContaining("2 records are kept in memory");

        inner.down = false;
        assertThat(books().catchUp()).isTrue();
        assertThat(inTheLedger()).containsExactly("1", "2");
    }

    @Test
    void a_call_hands_over_a_part_of_a_backlog_and_a_thread_the_rest_while_records_go_on() throws Exception {
        inner.down = true;
        List<CostEvent> backlog = new ArrayList<>();
        for (int i = 0; i < 2300; i++) {
            backlog.add(call("" + i).cost("1").build());
        }
        ledger.recordAll(backlog);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Integer> handedOver = new CopyOnWriteArrayList<>();
        inner.beforeWriting = events -> {
            handedOver.add(events.size());
            if (handedOver.size() > 1) {
                assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
            }
        };
        inner.down = false;
        now.addAndGet(RETRY.toNanos());

        ledger.record(call("new").cost("1").build());

        assertThat(inTheLedger()).as("on the thread of the call").hasSize(500);
        waitUntil(() -> handedOver.size() == 2);
        ledger.record(call("newer").cost("1").build());
        assertThat(books().isBehind()).isTrue();
        goOn.countDown();
        waitUntil(() -> !books().isBehind());
        assertThat(journal()).isEmptyFile();
        assertThat(inTheLedger()).hasSize(2302).doesNotHaveDuplicates().endsWith("new", "newer");
        assertThat(handedOver).allMatch(size -> size <= 500);
    }

    @Test
    void closing_waits_for_no_more_of_a_backlog_than_is_being_handed_over() throws Exception {
        inner.down = true;
        for (int i = 0; i < 1200; i++) {
            ledger.record(call("" + i).build());
        }
        inner.down = false;
        inner.failAfterTries = 1;
        ledger.close();

        assertThat(inTheLedger()).hasSize(500);
        inner.failAfterTries = Integer.MAX_VALUE;
        ledger = journaled(inner);
        waitUntil(() -> !books().isBehind());
        assertThat(total().calls()).isEqualTo(1200);
    }

    private static void waitUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_journal_that_another_process_emptied_and_filled_again_is_read_from_its_beginning() throws IOException {
        inner.down = true;
        List<CostEvent> old = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            old.add(call("old-" + i).build());
        }
        ledger.recordAll(old);
        inner.down = false;
        inner.failAfterTries = 1;
        assertThat(books().catchUp()).isFalse();
        inner.failAfterTries = Integer.MAX_VALUE;

        try (JournaledLedger other = journaled(inner)) {
            assertThat(other.catchUp()).isTrue();
            inner.down = true;
            List<CostEvent> fresh = new ArrayList<>();
            for (int i = 0; i < 700; i++) {
                fresh.add(call("fresh-" + i).build());
            }
            other.recordAll(fresh);
            inner.down = false;
            assertThat(books().catchUp()).isTrue();
        }

        assertThat(total().calls()).isEqualTo(1300);
    }

    @Test
    void a_record_that_the_ledger_refuses_is_set_aside_and_holds_up_no_other() throws IOException {
        inner.refused = "bad";
        ledger.record(call("bad").build());
        ledger.record(call("1").build());
        assertThat(inTheLedger()).containsExactly("1");

        inner.down = true;
        ledger.record(call("2").build());
        ledger.record(call("bad").build());
        ledger.record(call("3").build());
        inner.down = false;
        assertThat(books().catchUp()).isTrue();

        assertThat(inTheLedger()).containsExactly("1", "2", "3");
        assertThat(journal()).isEmptyFile();
        assertThat(Files.readAllLines(journal().resolveSibling("ledger.pending.refused")))
                .hasSize(2)
                .allMatch(line -> Lines.read(line).callId().equals("bad"));
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
