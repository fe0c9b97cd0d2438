package dev.portolan.cost.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerFactory;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Reconciler;
import dev.portolan.cost.Total;
import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.BufferedReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ledger against the simulator's own bill: thousands of calls of every kind, and a process that is killed. */
@Tag("proof")
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BooksAgainstBillTest {
    private static final int CALLS = 20_000;
    private static final int THREADS = 24;

    private static Databases databases;

    @TempDir
    private Path folder;

    private OpenRouterSimulator simulator;

    @BeforeAll
    static void start_the_databases() throws Exception {
        databases = new Databases();
    }

    @AfterAll
    static void stop_the_databases() throws Exception {
        databases.close();
    }

    @BeforeEach
    void start_the_simulator() {
        simulator = OpenRouterSimulator.builder().kept(2 * CALLS).start();
        simulator
                .faults()
                .seeded(
                        4,
                        0.05,
                        Fault.status(502),
                        Fault.rateLimited(Duration.ofMillis(1)),
                        Fault.errorInOk(502),
                        Fault.cutAtByte(300),
                        Fault.cutAfterEvents(2),
                        Fault.resetAfterEvents(3),
                        Fault.errorEvent(2),
                        Fault.noUsage(),
                        Fault.noDone());
    }

    @AfterEach
    void stop_the_simulator() {
        simulator.close();
    }

    private Map<String, String> settings(String database) throws Exception {
        Map<String, String> settings = new HashMap<>(databases.settings(database, folder));
        settings.put("OPENROUTER_API_KEY", simulator.apiKey());
        settings.put("OPENROUTER_API_BASE", simulator.baseUrl());
        return settings;
    }

    @ParameterizedTest
    @CsvSource({"sqlite, 20000", "postgresql, 5000"})
    void what_thousands_of_mixed_calls_did_cost_is_in_the_books_to_the_last_digit(String database, int calls)
            throws Exception {
        Settings settings = Settings.of(settings(database));
        try (Portolan portolan = Portolan.load(settings)) {
            int failed = new MixedCalls(portolan).make(0, calls, THREADS);

            assertThat(failed).isBetween(calls / 100, calls / 10);
            assertThat(portolan.failedRecords()).isZero();
        }

        settle(settings);
        try (Ledger ledger = LedgerFactory.open(settings)) {
            Total total = total(ledger);
            assertThat(total.calls()).isEqualTo(calls);
            assertThat(total.unknownCalls()).isZero();
            assertThat(total.estimatedCalls()).isZero();
            assertThat(total.amount()).isEqualByComparingTo(simulator.bill().total());
            assertThat(total.amount()).isPositive();
            assertThat(sum(ledger.totals(Grouping.tag("team"), LedgerQuery.ALL)))
                    .isEqualByComparingTo(total.amount());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void a_process_that_is_killed_leaves_no_call_without_a_trace(String database) throws Exception {
        Map<String, String> environment = settings(database);
        Process killed =
                CallingProcess.start(environment, "mixed", "0", String.valueOf(CALLS), String.valueOf(THREADS));
        try (BufferedReader out = killed.inputReader()) {
            assertThat(out.readLine()).isEqualTo(CallingProcess.WARM);
            killed.destroyForcibly().waitFor();
        }
        int made = simulator.bill().entries().size();
        assertThat(made).isBetween(CallingProcess.CALLS_TO_WARM_UP / 2, CALLS);

        Process next = CallingProcess.start(
                environment, "mixed", String.valueOf(CALLS), String.valueOf(CALLS + 500), String.valueOf(THREADS));
        assertThat(next.waitFor()).isZero();

        Settings settings = Settings.of(environment);
        settle(settings);
        try (Ledger ledger = LedgerFactory.open(settings)) {
            List<CostEvent> open = ledger.unknown(LedgerQuery.ALL);
            // Of a call whose answer had not begun, nobody has told this side an id that leads to the bill.
            assertThat(open).hasSizeLessThanOrEqualTo(THREADS).allSatisfy(call -> {
                assertThat(call.outcome().error()).isEqualTo("ProcessEnded");
                assertThat(call.answeredBy().generationIds()).isEmpty();
            });
            Set<String> known = ledger.entries(LedgerQuery.ALL).stream()
                    .flatMap(call -> call.answeredBy().generationIds().stream())
                    .collect(Collectors.toSet());
            List<BillEntry> unseen = simulator.bill().entries().stream()
                    .filter(entry -> !known.contains(entry.generationId()))
                    .toList();
            assertThat(unseen).hasSizeLessThanOrEqualTo(2 * open.size());
            BigDecimal cost = unseen.stream().map(BillEntry::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(total(ledger).amount().add(cost))
                    .isEqualByComparingTo(simulator.bill().total());
        }
    }

    /** What is done by and by while a process runs, done at once. */
    private void settle(Settings settings) {
        simulator.faults().clear();
        Settings quiet = settings.with("PORTOLAN_LEDGER_URL", "none");
        try (Portolan portolan = Portolan.load(quiet);
                Ledger ledger = LedgerFactory.open(settings);
                Reconciler reconciler =
                        Reconciler.builder(ledger, portolan.billing()).build()) {
            // The server may still be about to bill a call that was left.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            long open;
            do {
                open = reconciler.reconcileNow().open();
            } while (open > 0 && System.nanoTime() < deadline);
            assertThat(open).isZero();
        }
    }

    private static Total total(Ledger ledger) {
        List<Total> totals = ledger.totals(Grouping.NOTHING, LedgerQuery.ALL);
        assertThat(totals).hasSize(1);
        return totals.get(0);
    }

    private static BigDecimal sum(List<Total> totals) {
        return totals.stream().map(Total::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
