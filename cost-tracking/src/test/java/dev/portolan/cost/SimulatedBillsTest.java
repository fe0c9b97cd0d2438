package dev.portolan.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.cost.price.PriceBook;
import dev.portolan.provider.openrouter.OpenRouterProviderFactory;
import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way with OpenRouter's simulator: its bill is the measure, to the last digit. */
class SimulatedBillsTest {
    private static final String MODEL = "openrouter/openai/gpt-4o-mini";

    @TempDir
    private Path folder;

    private OpenRouterSimulator simulator;
    private CostTracking tracking;
    private Portolan portolan;

    @BeforeEach
    void start() {
        simulator = OpenRouterSimulator.builder()
                .chunkDelay(Duration.ofMillis(20))
                .generationShownAtAsk(2)
                .start();
        Path file = folder.resolve("ledger.db");
        tracking = CostTracking.builder()
                .ledger(new JournaledLedger(
                        JdbcLedger.builder("jdbc:sqlite:" + file).build(), folder.resolve("ledger.db.pending")))
                .withoutReconciliation()
                .build();
        portolan = Portolan.builder()
                .settings(Settings.of(Map.of(
                        "OPENROUTER_API_KEY", simulator.apiKey(),
                        "OPENROUTER_API_BASE", simulator.baseUrl())))
                .provider(new OpenRouterProviderFactory())
                .sinkFactory(tracking)
                .build();
    }

    @AfterEach
    void stop() {
        portolan.close();
        simulator.close();
    }

    private static ChatRequest request() {
        return ChatRequest.builder(MODEL)
                .user("Tell me of a long voyage along the coast, harbour by harbour.")
                .build();
    }

    private void readALittle() {
        try (ChatStream stream = portolan.chat().stream(request())) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.TextDelta) {
                    return;
                }
            }
        }
    }

    private Total total() {
        return tracking.ledger().totals(Grouping.NOTHING, LedgerQuery.ALL).get(0);
    }

    @Test
    void streams_that_were_left_or_cut_are_settled_to_exactly_what_the_bill_says() throws Exception {
        readALittle();
        assertThat(simulator.awaitCancelledStreams(1, Duration.ofSeconds(10))).isTrue();
        simulator.faults().next(Fault.cutAfterEvents(3));
        assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(this::readToTheEnd);
        readToTheEnd();

        List<CostEvent> entries = tracking.ledger().entries(LedgerQuery.ALL);
        assertThat(entries)
                .extracting(entry -> entry.outcome().status())
                .containsExactlyInAnyOrder(
                        CostEvent.Outcome.Status.CANCELLED,
                        CostEvent.Outcome.Status.FAILED,
                        CostEvent.Outcome.Status.COMPLETED);
        assertThat(total().unknownCalls()).isEqualTo(2);
        Reconciler reconciler =
                Reconciler.builder(tracking.ledger(), portolan.billing()).build();
        assertThat(reconciler.reconcileNow()).as("not in the books yet").isEqualTo(new Reconciler.Result(0, 2));
        assertThat(reconciler.reconcileNow()).isEqualTo(new Reconciler.Result(2, 0));

        assertThat(total().unknownCalls()).isZero();
        assertThat(total().amount()).isEqualByComparingTo(simulator.bill().total());
        for (CostEvent entry : tracking.ledger().entries(LedgerQuery.ALL)) {
            String generation = entry.answeredBy().generationIds().get(0);
            BillEntry bill = simulator.bill().entry(generation).orElseThrow();
            assertThat(entry.cost()).isEqualTo(Cost.reported(entry.cost().amount()));
            assertThat(entry.cost().amount()).isEqualByComparingTo(bill.cost());
            assertThat(entry.usage().completionTokens()).isEqualTo(bill.completionTokens());
        }
    }

    private void readToTheEnd() {
        try (ChatStream stream = portolan.chat().stream(request())) {
            stream.response();
        }
    }

    @Test
    void a_call_without_a_reported_cost_is_estimated_at_the_catalogues_prices_which_are_those_of_the_bill() {
        portolan.chat().complete(request());
        CostEvent reported = tracking.ledger().entries(LedgerQuery.ALL).get(0);
        PriceBook prices = new PriceBook(portolan.catalog());

        CostEvent estimated = prices.priced(reported.withCost(Cost.UNKNOWN));

        assertThat(estimated.cost().source()).isEqualTo(Cost.Source.ESTIMATED);
        assertThat(estimated.cost().amount())
                .isEqualByComparingTo(simulator.bill().total());
    }
}
