package dev.portolan.cost.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerFactory;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ledger against the simulator's own bill: thousands of calls of every kind, and a process that is killed. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
        simulator = OpenRouterSimulator.start();
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
    @ValueSource(strings = {"sqlite", "postgresql"})
    void what_thousands_of_mixed_calls_did_cost_is_in_the_books_to_the_last_digit(String database) throws Exception {
        Settings settings = Settings.of(settings(database));
        try (Portolan portolan = Portolan.load(settings)) {
            int failed = new MixedCalls(portolan).make(0, CALLS, THREADS);

            assertThat(failed).isBetween(CALLS / 100, CALLS / 10);
            simulator.faults().clear();
            settle(portolan, settings);
            assertThat(portolan.failedRecords()).isZero();
        }

        try (Ledger ledger = LedgerFactory.open(settings)) {
            Total total = total(ledger);
            assertThat(total.calls()).isEqualTo(CALLS);
            assertThat(total.estimatedCalls()).isZero();
            assertThat(total.amount()).isEqualByComparingTo(simulator.bill().total());
            assertThat(total.amount()).isPositive();
            assertThat(sum(ledger.totals(Grouping.tag("team"), LedgerQuery.ALL)))
                    .isEqualByComparingTo(total.amount());
        }
    }

    private void settle(Portolan portolan, Settings settings) {
        try (Ledger ledger = LedgerFactory.open(settings)) {
            for (CostEvent open : ledger.unsettled(Integer.MAX_VALUE)) {
                Cost cost = Cost.NONE;
                for (String id : open.answeredBy().generationIds()) {
                    cost = cost.plus(portolan.billing()
                            .find(open.model(), id)
                            .map(BillingPort.Bill::cost)
                            .orElse(Cost.NONE));
                }
                ledger.settle(open.callId(), cost, Usage.NOT_REPORTED);
            }
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
