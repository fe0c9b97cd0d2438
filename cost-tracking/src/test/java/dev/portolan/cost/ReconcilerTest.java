package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {
    private static final Logger LOG = Logger.getLogger(Reconciler.class.getName());
    private static final Logger JOURNAL_LOG = Logger.getLogger(JournaledLedger.class.getName());
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final RuntimeException DEAD = new ConnectionException("no route to host", ErrorDetails.NONE);

    private final FakeClock clock = new FakeClock(NOON.toString());
    private final FailingLedger ledger = new FailingLedger();
    private final FakeBooks books = new FakeBooks();
    private final List<CostEvent> told = new ArrayList<>();
    private final Reconciler reconciler = reconciler(ReconciliationPlan.DEFAULT);

    @BeforeEach
    void silence() {
        LOG.setLevel(Level.OFF);
        JOURNAL_LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        LOG.setLevel(null);
        JOURNAL_LOG.setLevel(null);
    }

    private Reconciler reconciler(ReconciliationPlan plan) {
        return Reconciler.builder(ledger, books)
                .plan(plan)
                .onSettled(told::add)
                .clock(clock)
                .dice(new Random(1))
                .build();
    }

    /** A call that began at noon, took a second or so, and has no cost. */
    private static Events open(String callId, String... generations) {
        return call(callId)
                .started(NOON)
                .cost(Cost.UNKNOWN)
                .usage(Usage.NOT_REPORTED)
                .generations(List.of(generations));
    }

    private CostEvent recorded(Events event) {
        CostEvent entry = event.build();
        ledger.record(entry);
        return entry;
    }

    private void offer(Events event) {
        reconciler.offer(recorded(event));
    }

    private void pass(Duration time) {
        clock.advance(time);
        reconciler.runDue();
    }

    private void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    private Cost costOf(String callId) {
        return ledger.find(callId).orElseThrow().cost();
    }

    private static Cost dollars(String amount) {
        return Cost.reported(new BigDecimal(amount));
    }

    @Test
    void an_unknown_cost_is_asked_for_a_second_after_the_call() {
        books.bill("g", "0.125");
        offer(open("1", "g"));

        reconciler.runDue();
        assertThat(books.asked).isEmpty();
        passSeconds(1);

        assertThat(costOf("1")).isEqualTo(dollars("0.125"));
        assertThat(ledger.find("1").orElseThrow().usage()).isEqualTo(Usage.of(7, 3));
        assertThat(told).containsExactly(ledger.find("1").orElseThrow());
        passSeconds(600);
        assertThat(books.asked).containsExactly("g");
    }

    @Test
    void what_is_known_or_cannot_be_asked_for_is_left_alone() {
        offer(call("reported").generation("a"));
        offer(call("estimated").cost(Cost.estimated(BigDecimal.ONE)).generation("b"));
        offer(open("nameless"));
        offer(open("blank", " "));

        pass(Duration.ofHours(1));

        assertThat(books.asked).isEmpty();
        assertThat(reconciler.reconcileNow()).isEqualTo(new Reconciler.Result(0, 0));
    }

    @Test
    void estimates_are_replaced_by_what_the_provider_says_if_that_is_wanted() {
        books.bill("b", "0.75");
        Reconciler exact = reconciler(ReconciliationPlan.DEFAULT.withEstimatesToo(true));
        exact.offer(recorded(call("1").cost(Cost.estimated(BigDecimal.ONE)).generation("b")));
        clock.advance(Duration.ofSeconds(1));

        exact.runDue();

        assertThat(costOf("1")).isEqualTo(dollars("0.75"));
    }

    @Test
    void books_that_are_written_late_are_asked_at_growing_intervals() {
        offer(open("1", "g"));
        List<Integer> askedAt = new ArrayList<>();
        for (int second = 1; second <= 2 * 3600; second++) {
            int before = books.asked.size();
            passSeconds(1);
            if (books.asked.size() > before) {
                askedAt.add(second);
            }
        }

        assertThat(askedAt.subList(0, 11)).containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024);
        assertThat(askedAt.subList(11, 14)).as("every ten minutes").containsExactly(1624, 2224, 2824);
        books.bill("g", "2");
        pass(Duration.ofMinutes(10));
        assertThat(costOf("1")).isEqualTo(dollars("2"));
    }

    @Test
    void a_call_is_settled_when_all_its_generations_are_known_and_at_their_sum() {
        books.bill("a", "0.1").bill("b", Cost.UNKNOWN, Usage.NOT_REPORTED);
        offer(open("1", "a", "b", "c"));
        passSeconds(1);
        books.bill("c", "0.02");
        passSeconds(1);
        assertThat(costOf("1")).isEqualTo(Cost.UNKNOWN);

        books.bill("b", "0.003");
        passSeconds(2);

        assertThat(costOf("1")).isEqualTo(dollars("0.123"));
        assertThat(ledger.find("1").orElseThrow().usage()).isEqualTo(Usage.of(21, 9));
        assertThat(books.asked).as("what is known is not asked again").containsExactly("a", "b", "c", "b", "c", "b");
    }

    @Test
    void usage_that_is_told_of_a_part_only_is_not_taken_for_the_whole() {
        books.bill("a", "0.1").bill("b", dollars("0.2"), Usage.NOT_REPORTED);
        offer(open("1", "a", "b"));
        passSeconds(1);

        assertThat(costOf("1")).isEqualTo(dollars("0.3"));
        assertThat(ledger.find("1").orElseThrow().usage()).isEqualTo(Usage.NOT_REPORTED);
    }

    @Test
    void a_bill_of_nothing_settles_too() {
        books.bill("g", "0");
        offer(open("1", "g"));
        passSeconds(1);

        assertThat(costOf("1")).isEqualTo(dollars("0"));
    }

    @Test
    void it_gives_up_after_a_day_and_leaves_the_call_listed() {
        offer(open("1", "g"));
        for (int i = 0; i < 150; i++) {
            pass(Duration.ofMinutes(10));
        }
        int asked = books.asked.size();
        books.bill("g", "1");
        pass(Duration.ofDays(2));

        assertThat(asked).isGreaterThan(100);
        assertThat(books.asked).hasSize(asked);
        assertThat(ledger.unsettled(10)).extracting(CostEvent::callId).containsExactly("1");
        assertThat(reconciler.reconcileNow()).as("asked for expressly").isEqualTo(new Reconciler.Result(1, 0));
    }

    @Test
    void a_provider_without_books_is_not_asked_again() {
        books.failure = new ConfigurationException("The provider 'openrouter' has no books that can be read");
        offer(open("1", "a"));
        offer(open("2", "b"));
        pass(Duration.ofHours(1));
        offer(open("3", "c"));
        pass(Duration.ofHours(1));

        assertThat(books.asked).hasSize(1);
        assertThat(reconciler.reconcileNow()).isEqualTo(new Reconciler.Result(0, 3));
        assertThat(books.asked).hasSize(1);
    }

    @Test
    void books_that_cannot_be_read_are_left_alone_for_a_growing_while() {
        books.failure = DEAD;
        for (int i = 0; i < 100; i++) {
            offer(open("" + i, "g" + i));
            books.bill("g" + i, "1");
        }
        offer(open("other").model("other/a").generations(List.of("h")));
        passSeconds(1);
        assertThat(books.asked).as("once for each provider").containsExactlyInAnyOrder("g0", "h");
        for (int second = 0; second < 100; second++) {
            passSeconds(1);
        }
        assertThat(books.asked).hasSizeLessThan(20);

        books.failure = null;
        passSeconds(600);

        assertThat(ledger.unsettled(200)).hasSize(1);
        assertThat(told).hasSize(100);
    }

    @Test
    void a_provider_is_given_the_time_it_asks_for() {
        books.failure = new RateLimitedException("slow down", ErrorDetails.NONE.withRetryAfter(Duration.ofMinutes(2)));
        offer(open("1", "g"));
        passSeconds(1);
        books.failure = null;
        books.bill("g", "1");
        passSeconds(119);
        assertThat(books.asked).hasSize(1);

        passSeconds(1);

        assertThat(costOf("1")).isEqualTo(dollars("1"));
    }

    @Test
    void a_bug_in_the_books_stops_nobody() {
        books.failure = new IllegalStateException("a bug");
        offer(open("1", "g"));
        passSeconds(1);
        books.failure = null;
        books.bill("g", "1");
        passSeconds(1);

        assertThat(costOf("1")).isEqualTo(dollars("1"));
    }

    @Test
    void a_settlement_that_the_ledger_cannot_take_is_not_lost_and_the_bill_not_asked_for_again() {
        books.bill("g", "1");
        offer(open("1", "g"));
        ledger.down = true;
        passSeconds(1);
        passSeconds(1);
        assertThat(ledger.find("1").orElseThrow().cost()).isEqualTo(Cost.UNKNOWN);
        ledger.down = false;

        passSeconds(2);

        assertThat(costOf("1")).isEqualTo(dollars("1"));
        assertThat(books.asked).containsExactly("g");
    }

    @Test
    void a_call_that_waits_in_the_journal_is_settled_when_it_is_in_the_ledger(@TempDir Path folder) {
        AtomicLong nanos = new AtomicLong();
        Duration retry = Duration.ofSeconds(30);
        ledger.down = true;
        try (JournaledLedger journaled =
                new JournaledLedger(ledger, folder.resolve("ledger.pending"), retry, nanos::get)) {
            books.bill("g", "1");
            Reconciler own = Reconciler.builder(journaled, books).clock(clock).build();
            CostEvent event = open("1", "g").build();
            journaled.record(event);
            own.offer(event);
            ledger.down = false;
            clock.advance(Duration.ofSeconds(1));
            own.runDue();
            assertThat(ledger.find("1")).as("the journal waits its time").isEmpty();

            nanos.addAndGet(retry.toNanos());
            clock.advance(retry);
            own.runDue();

            assertThat(costOf("1")).isEqualTo(dollars("1"));
        }
    }

    @Test
    void what_cannot_be_entered_is_kept_open() {
        books.bill("a", "1").bill("b", new Cost(BigDecimal.ONE, "EUR", Cost.Source.REPORTED), Usage.NOT_REPORTED);
        offer(open("1", "a", "b"));
        passSeconds(1);

        assertThat(ledger.unsettled(10)).hasSize(1);
        books.bill("g", "1");
        offer(open("2", "g"));
        passSeconds(1);
        assertThat(costOf("2")).isEqualTo(dollars("1"));
    }

    @Test
    void leftovers_of_other_processes_are_settled_when_they_are_some_minutes_old() {
        books.bill("g", "1").bill("h", "2");
        recorded(open("1", "g"));
        passSeconds(10);
        passSeconds(280);
        assertThat(books.asked).isEmpty();
        recorded(open("younger", "h").started(clock.instant()));

        for (int i = 0; i < 10; i++) {
            passSeconds(60);
        }

        assertThat(costOf("1")).isEqualTo(dollars("1"));
        assertThat(ledger.find("younger").orElseThrow().timing().started()).isAfter(NOON);
        passSeconds(600);
        passSeconds(600);
        assertThat(costOf("younger")).isEqualTo(dollars("2"));
    }

    @Test
    void a_fleet_asks_for_each_leftover_once_if_the_books_know_it() {
        for (int i = 0; i < 50; i++) {
            recorded(open("" + i, "g" + i));
            books.bill("g" + i, "1");
        }
        List<Reconciler> fleet = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            fleet.add(Reconciler.builder(ledger, books)
                    .clock(clock)
                    .dice(new Random(i))
                    .build());
        }
        for (int second = 0; second < 1000; second += 10) {
            clock.advance(Duration.ofSeconds(10));
            fleet.forEach(Reconciler::runDue);
        }

        assertThat(ledger.unsettled(100)).isEmpty();
        assertThat(books.asked).hasSize(50);
    }

    @Test
    void what_no_books_know_is_asked_for_less_and_less_by_the_processes_that_did_not_make_the_call() {
        recorded(open("1", "g"));
        for (int minute = 0; minute < 24 * 60; minute++) {
            passSeconds(60);
        }

        assertThat(books.asked).hasSizeBetween(5, 9);
    }

    @Test
    void a_call_that_was_cancelled_since_all_ends_is_asked_for_again() {
        books.failure = new CallCancelledException("This Portolan is closed", false, ErrorDetails.NONE, null);
        offer(open("1", "g"));
        passSeconds(1);
        books.failure = null;
        books.bill("g", "1");
        passSeconds(1);

        assertThat(costOf("1")).isEqualTo(dollars("1"));
    }

    @Test
    void its_own_calls_are_asked_for_by_each_process_alone() {
        books.failure = DEAD;
        offer(open("1", "g"));
        Reconciler other = reconciler(ReconciliationPlan.DEFAULT);
        clock.advance(Duration.ofSeconds(100));
        other.runDue();
        assertThat(books.asked).isEmpty();

        reconciler.runDue();

        assertThat(books.asked).hasSize(1);
    }

    @Test
    void many_old_calls_that_nobody_can_settle_do_not_hide_the_others() {
        List<CostEvent> stuck = new ArrayList<>();
        for (int i = 0; i < 1700; i++) {
            stuck.add(open("stuck-" + i, "s" + i)
                    .model("bookless/a")
                    .started(NOON.minusSeconds(i / 600))
                    .build());
        }
        ledger.recordAll(stuck);
        recorded(open("1", "g").started(NOON.plusSeconds(5)));
        books.bill("g", "1");

        assertThat(reconciler.reconcileNow()).isEqualTo(new Reconciler.Result(1, 1700));

        assertThat(costOf("1")).isEqualTo(dollars("1"));
    }

    @Test
    void one_pass_settles_its_own_calls_and_leftovers_of_any_age_once() {
        books.bill("a", "1").bill("b", "2");
        offer(open("own", "a"));
        recorded(open("old", "b").started(NOON.minus(Duration.ofDays(400))));
        recorded(open("open", "c"));

        assertThat(reconciler.reconcileNow()).isEqualTo(new Reconciler.Result(2, 1));
        assertThat(reconciler.reconcileNow()).isEqualTo(new Reconciler.Result(0, 1));

        assertThat(ledger.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0).amount())
                .isEqualByComparingTo("3");
        passSeconds(1);
        assertThat(books.asked).as("nothing of it is asked again soon").hasSize(4);
    }

    @Test
    void one_pass_does_not_ask_dead_books_for_every_call() {
        books.failure = DEAD;
        for (int i = 0; i < 100; i++) {
            recorded(open("" + i, "g" + i));
        }

        assertThat(reconciler.reconcileNow()).isEqualTo(new Reconciler.Result(0, 100));
        assertThat(books.asked).hasSize(3);
    }

    @Test
    void calls_of_a_process_that_is_known_to_have_ended_are_asked_for_at_once() {
        books.bill("g", "1");
        CostEvent found = recorded(open("1", "g"));
        List<CostEvent> finds = new ArrayList<>(List.of(found));
        Reconciler finder = Reconciler.builder(ledger, books)
                .clock(clock)
                .finding(() -> {
                    List<CostEvent> once = List.copyOf(finds);
                    finds.clear();
                    return once;
                })
                .build();
        clock.advance(Duration.ofSeconds(10));
        finder.runDue();
        clock.advance(Duration.ofSeconds(1));
        finder.runDue();

        assertThat(costOf("1")).isEqualTo(dollars("1"));
    }

    @Test
    void a_listener_that_fails_hurts_nobody() {
        books.bill("a", "1").bill("b", "2");
        Reconciler loud = Reconciler.builder(ledger, books)
                .clock(clock)
                .onSettled(entry -> {
                    throw new IllegalStateException("full");
                })
                .onSettled(told::add)
                .build();
        recorded(open("1", "a"));
        recorded(open("2", "b"));

        assertThat(loud.reconcileNow()).isEqualTo(new Reconciler.Result(2, 0));
        assertThat(told).hasSize(2);
    }

    @Test
    void its_thread_settles_calls_without_help_and_ends_when_closed() throws Exception {
        CountDownLatch settled = new CountDownLatch(1);
        books.bill("g", "1");
        Reconciler running = Reconciler.builder(ledger, books)
                .plan(ReconciliationPlan.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(1)))
                .onSettled(entry -> settled.countDown())
                .build();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        running.start();
        running.start();
        Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
        started.removeAll(before);
        started.removeIf(thread -> !thread.getName().equals("portolan-reconciliation"));
        running.offer(recorded(open("1", "g").started(Instant.now())));

        assertThat(settled.await(10, TimeUnit.SECONDS)).isTrue();
        running.close();
        running.start();
        assertThat(costOf("1")).isEqualTo(dollars("1"));
        assertThat(started).hasSize(1).allSatisfy(thread -> {
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
        });
    }

    @Test
    void times_that_make_no_sense_are_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReconciliationPlan.DEFAULT.withDelays(Duration.ZERO, Duration.ZERO))
                .withMessageContaining("first delay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReconciliationPlan.DEFAULT.withDelays(Duration.ofDays(1), Duration.ofHours(1)))
                .withMessageContaining("longest delay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReconciliationPlan.DEFAULT.withGivesUpAfter(Duration.ofDays(-1)))
                .withMessageContaining("gives up after PT-24H");
        assertThat(ReconciliationPlan.DEFAULT.withLeftoversAfter(Duration.ZERO).leftoversAfter())
                .isZero();
    }
}
