package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.cost.SpendingGuard.Reservation;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.CostSinkFactory.Sources;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ReplayedStream;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.BudgetGuard;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.price.PriceBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

class CostTrackingTest {
    private static final Logger LOG = Logger.getLogger("dev.portolan");
    private static final ChatRequest REQUEST =
            ChatRequest.builder("toy/large").user("Ahoy").tag("team", "search").build();

    @TempDir
    private Path folder;

    private final FailingLedger ledger = new FailingLedger();
    private final FakeBooks books = new FakeBooks();
    private final List<CostEvent> told = new ArrayList<>();
    private final List<String> order = new ArrayList<>();

    @BeforeEach
    void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        LOG.setLevel(null);
    }

    private Path journal() {
        return folder.resolve("ledger.pending");
    }

    private CostTracking.Builder tracking() {
        return CostTracking.builder().ledger(ledger).withoutReconciliation();
    }

    private CostSink sink(CostTracking tracking) {
        ModelCatalogPort catalog = Mockito.mock(ModelCatalogPort.class);
        return tracking.create(Settings.of(Map.of()), new Sources(catalog, books))
                .orElseThrow();
    }

    private static Reservation reserve(CostSink sink, String callId) {
        return ((SpendingGuard) sink).reserve(callId, REQUEST);
    }

    private static void close(CostSink sink) throws Exception {
        ((AutoCloseable) sink).close();
    }

    private List<Path> crashLogs() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().contains(".calls."))
                    .toList();
        }
    }

    private static Events unpriced(String callId) {
        return call(callId).cost(Cost.UNKNOWN).usage(Usage.of(1_000_000, 0));
    }

    /** A provider whose replies tell tokens but no cost. */
    private static Provider toy() {
        ChatAssembler answer = new ChatAssembler();
        answer.id("gen-1");
        answer.model("large");
        answer.start();
        answer.text(0, "Ahoy");
        answer.finishReason(0, "stop");
        answer.usage(Usage.of(2_000_000, 0), Cost.UNKNOWN);
        ChatPort chat = new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return answer.snapshot();
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return ReplayedStream.of(answer);
            }
        };
        return new Provider() {
            @Override
            public Optional<ChatPort> chat() {
                return Optional.of(chat);
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void a_portolan_writes_its_calls_to_ones_own_ledger_at_ones_own_prices() {
        CostTracking tracking = CostTracking.builder()
                .price("toy/large", Pricing.perMillion("0.25", "1"))
                .sink(told::add)
                .build();
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of()))
                .provider("toy", toy())
                .sinkFactory(tracking)
                .build()) {
            portolan.chat().complete(REQUEST);
            assertThat(portolan.failedRecords()).isZero();
        }

        CostEvent entry = tracking.ledger().entries(LedgerQuery.ALL).get(0);
        assertThat(entry.cost().amount()).isEqualByComparingTo("0.50");
        assertThat(entry.cost().source()).isEqualTo(Cost.Source.ESTIMATED);
        assertThat(entry.tags()).containsExactly(Map.entry("team", "search"));
        assertThat(told).containsExactly(entry);
    }

    @Test
    void budgets_given_in_code_hold_and_are_told_of() {
        List<BudgetAlert> alerts = new ArrayList<>();
        CostTracking tracking = CostTracking.builder()
                .ledger(ledger)
                .price("toy/large", Pricing.perMillion("0.25", "1"))
                .budget(Budget.of("small", "0.0000001", Period.DAY))
                .onBudget(alerts::add)
                .withoutReconciliation()
                .build();
        CostSink sink = sink(tracking);

        assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(sink, "1"));
        assertThat(alerts).extracting(BudgetAlert::kind).containsExactly(BudgetAlert.Kind.REFUSED);
    }

    @Test
    void budgets_given_in_code_are_set_once_their_ledger_can_be_reached() {
        BudgetBook book = Mockito.mock(BudgetBook.class);
        Ledger late = Mockito.mock(Ledger.class);
        Mockito.when(late.budgets()).thenReturn(book);
        Budget budget = Budget.of("all", "1", Period.DAY);
        Mockito.doThrow(new LedgerException("down", null))
                .doNothing()
                .when(book)
                .set(budget);
        FakeClock clock = new FakeClock("2026-03-11T12:00:00Z");
        CostSink sink = sink(CostTracking.builder()
                .ledger(late)
                .budget(budget)
                .guarding(guard -> guard.clock(clock))
                .withoutReconciliation()
                .build());

        reserve(sink, "1");
        reserve(sink, "2");
        Mockito.verify(book).set(budget);

        clock.advance(BudgetGuard.DEFAULT_PAUSE);
        reserve(sink, "3");
        reserve(sink, "4");
        Mockito.verify(book, Mockito.times(2)).set(budget);
    }

    @Test
    void a_strict_guard_refuses_calls_as_long_as_budgets_given_in_code_cannot_be_set() {
        BudgetBook book = Mockito.mock(BudgetBook.class);
        Ledger late = Mockito.mock(Ledger.class);
        Mockito.when(late.budgets()).thenReturn(book);
        Budget budget = Budget.of("all", "1", Period.DAY);
        Mockito.doThrow(new LedgerException("It took too long", null))
                .when(book)
                .set(budget);
        CostSink sink = sink(CostTracking.builder()
                .ledger(late)
                .budget(budget)
                .guarding(guard -> guard.strict(true))
                .withoutReconciliation()
                .build());

        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> reserve(sink, "1"))
                .withMessageContaining("It took too long");
    }

    @Test
    void a_book_of_prices_may_be_given_as_a_whole() {
        PriceBook prices = PriceBook.builder()
                .price(ModelId.parse("openrouter/google/gemini-2.5-flash"), Pricing.perMillion("3", "0"))
                .build();
        List<PriceBook> seen = new ArrayList<>();
        CostSink sink = sink(tracking()
                .prices(prices)
                .guard(book -> {
                    seen.add(book);
                    return (callId, request) -> Reservation.NONE;
                })
                .build());

        sink.record(unpriced("1").build());

        assertThat(ledger.find("1").orElseThrow().cost().amount()).isEqualByComparingTo("3");
        assertThat(seen).containsExactly(prices);
    }

    @Test
    void the_ledger_comes_before_the_sinks_and_a_part_that_fails_hurts_no_other() {
        CostSink sink = sink(tracking()
                .sink(event -> {
                    order.add(
                            event.callId() + (ledger.find(event.callId()).isPresent() ? " is there" : " is not there"));
                    throw new IllegalStateException("first");
                })
                .sink(event -> {
                    throw new IllegalStateException("second");
                })
                .sink(told::add)
                .build());

        assertThatIllegalStateException()
                .isThrownBy(() -> sink.record(call("1").build()))
                .withMessage("first")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("second"));
        assertThat(told).hasSize(1);

        ledger.down = true;
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> sink.record(call("2").build()));
        assertThat(told).hasSize(2);
        assertThat(order).containsExactly("1 is there", "2 is not there");
    }

    private SpendingGuard guard(String name) {
        return (callId, request) -> {
            order.add(name + " asked");
            return new Reservation() {
                @Override
                public void answered(CostEvent.AnsweredBy by) {
                    order.add(name + " hears of " + by.generationIds());
                }

                @Override
                public void settle(CostEvent event) {
                    order.add(name + " settles " + event.outcome().error());
                }
            };
        };
    }

    @Test
    void guards_are_asked_in_order_and_told_all() {
        CostSink sink = sink(tracking()
                .guard(prices -> guard("a"))
                .guard(prices -> guard("b"))
                .build());

        Reservation held = reserve(sink, "1");
        held.answered(new CostEvent.AnsweredBy("m", null, List.of("g")));
        held.settle(call("1").build());

        assertThat(order)
                .containsExactly(
                        "a asked", "b asked", "a hears of [g]", "b hears of [g]", "a settles null", "b settles null");
    }

    @Test
    void a_refused_call_gives_back_what_other_guards_put_by_and_leaves_no_trace() throws Exception {
        SpendingGuard poor = (callId, request) -> {
            throw new BudgetExceededException("The budget is spent", ErrorDetails.NONE);
        };
        CostSink sink = sink(tracking()
                .crashLog(journal())
                .guard(prices -> guard("a"))
                .guard(prices -> poor)
                .build());

        assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(sink, "1"));

        assertThat(order).containsExactly("a asked", "a settles BudgetExceededException");
        assertThat(crashLogs()).isEmpty();
        close(sink);
    }

    @Test
    void calls_under_way_are_noted_beside_the_journal_until_they_are_written_down() throws Exception {
        CostTracking tracking = CostTracking.builder()
                .ledger(new AsyncLedger(new JournaledLedger(ledger, journal())))
                .withoutReconciliation()
                .build();
        CostSink sink = sink(tracking);
        Reservation held = reserve(sink, "1");
        assertThat(Files.readString(crashLogs().get(0))).contains("\t1\tCHAT\ttoy\tlarge\t", "\tteam\tsearch\n");
        held.answered(new CostEvent.AnsweredBy("m", null, List.of("gen-7")));
        assertThat(Files.readString(crashLogs().get(0))).contains("\tgen-7\n");

        CostEvent event = call("1").build();
        held.settle(event);
        assertThat(Files.readString(crashLogs().get(0))).doesNotContain("\tE\t1\n");
        sink.record(event);
        assertThat(Files.readString(crashLogs().get(0))).contains("\tE\t1\n");
        close(sink);

        assertThat(crashLogs()).isEmpty();
        assertThat(ledger.find("1")).isPresent();
    }

    @Test
    void a_call_that_another_guard_refused_is_not_taken_for_one_under_way() throws Exception {
        CostSink sink = sink(tracking().crashLog(journal()).build());

        reserve(sink, "1")
                .settle(call("1")
                        .status(CostEvent.Outcome.Status.FAILED)
                        .cost(Cost.NONE)
                        .build());
        close(sink);

        assertThat(crashLogs()).isEmpty();
    }

    @Test
    void a_call_that_no_ledger_took_leaves_its_note_and_one_that_none_ever_takes_does_not() throws Exception {
        CostSink sink = sink(tracking().crashLog(journal()).build());
        reserve(sink, "1");
        reserve(sink, "2");
        ledger.down = true;
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> sink.record(call("1").build()));
        ledger.down = false;
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> sink.record(call("2").cost("1e-2000").build()));
        close(sink);

        assertThat(crashLogs()).hasSize(1);
        assertThat(Files.readString(crashLogs().get(0)))
                .doesNotContain("\tE\t1\n")
                .contains("\tE\t2\n");
    }

    @Test
    void what_another_process_left_is_in_the_ledger_at_once_and_settled_soon() throws Exception {
        Path left = folder.resolve("ledger.pending.calls.1-0-dead");
        Files.writeString(
                left,
                new CallNote.Begun(
                                        "dead",
                                        CostEvent.Operation.CHAT,
                                        ModelId.parse("toy/large"),
                                        Map.of(),
                                        Instant.now())
                                .line()
                        + "\n"
                        + new CallNote.Answered("dead", new CostEvent.AnsweredBy("m", null, List.of("gen-1"))).line()
                        + "\n");
        books.bill("gen-1", "0.25");
        CountDownLatch settled = new CountDownLatch(1);
        List<CostEvent> settlements = new ArrayList<>();
        CostSink sink = sink(CostTracking.builder()
                .ledger(new JournaledLedger(ledger, journal()))
                .reconciliation(ReconciliationPlan.DEFAULT.withDelays(Duration.ofMillis(50), Duration.ofMillis(50)))
                .onSettled(entry -> {
                    settlements.add(entry);
                    settled.countDown();
                })
                .build());

        assertThat(ledger.find("dead").orElseThrow().outcome().error()).isEqualTo("ProcessEnded");
        assertThat(left).doesNotExist();
        assertThat(settled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(settlements.get(0).cost().amount()).isEqualByComparingTo("0.25");
        close(sink);
    }

    @Test
    void a_call_of_unknown_cost_is_settled_without_help_and_nothing_is_asked_after_the_end() throws Exception {
        CountDownLatch settled = new CountDownLatch(1);
        books.bill("g", "0.25");
        CostSink sink = sink(CostTracking.builder()
                .ledger(ledger)
                .reconciliation(ReconciliationPlan.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(1)))
                .onSettled(entry -> settled.countDown())
                .build());
        sink.record(call("1")
                .started(Instant.now())
                .cost(Cost.UNKNOWN)
                .usage(Usage.NOT_REPORTED)
                .generation("g")
                .build());
        assertThat(settled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ledger.find("1").orElseThrow().cost().amount()).isEqualByComparingTo("0.25");

        close(sink);
        int asked = books.asked.size();
        sink.record(call("2").cost(Cost.UNKNOWN).generation("h").build());
        assertThat(books.asked).hasSize(asked);
    }

    @Test
    void without_reconciliation_nothing_is_asked_for_unless_expressly() {
        BillingPort port = books.bill("g", "0.25");
        CostSink sink = sink(tracking().build());
        sink.record(call("1")
                .cost(Cost.UNKNOWN)
                .usage(Usage.NOT_REPORTED)
                .generation("g")
                .build());
        assertThat(books.asked).isEmpty();

        Reconciler once = Reconciler.builder(ledger, port).build();

        assertThat(once.reconcileNow()).isEqualTo(new Reconciler.Result(1, 0));
    }

    @Test
    void closing_ends_the_thread_and_closes_the_ledger() throws Exception {
        Ledger closing = Mockito.mock(Ledger.class);
        Mockito.when(closing.budgets()).thenReturn(ledger.budgets());
        CostSink sink =
                sink(CostTracking.builder().ledger(closing).crashLog(journal()).build());
        reserve(sink, "1");

        close(sink);

        Mockito.verify(closing).close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("portolan-reconciliation");
    }
}
