package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.cost.CostTracking;
import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.JdbcLedger;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.Period;
import dev.portolan.provider.openrouter.OpenRouterProviderFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples of docs/costs.md do what they say. */
class CostSamplesTest extends SamplesTest {
    @Test
    void a_ledger_budgets_and_prices_are_set_together_and_added_up() throws IOException {
        for (String left : List.of("costs.db", "costs.db-wal", "costs.db-shm", "costs.db.pending")) {
            Files.deleteIfExists(Path.of(left));
        }

        CostSamples.tracking();

        assertThat(printed())
                .isEqualToIgnoringNewLines(
                        "search: 1 calls, $" + simulator.bill().total().toPlainString());
        try (Ledger ledger = JdbcLedger.builder("jdbc:sqlite:costs.db").build()) {
            assertThat(ledger.budgets().states(Instant.now()))
                    .singleElement()
                    .satisfies(state -> assertThat(state.spent())
                            .isEqualByComparingTo(simulator.bill().total()));
        }
    }

    @Test
    void a_refused_call_tells_what_is_left() {
        Ledger ledger = new InMemoryLedger();
        ledger.budgets().set(Budget.of("all", "0.0000001", Period.DAY));
        try (Portolan portolan = Portolan.builder()
                .provider(new OpenRouterProviderFactory())
                .sinkFactory(CostTracking.builder().ledger(ledger).build())
                .build()) {
            CostSamples.refused(
                    portolan,
                    ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .build());
        }

        assertThat(printed()).startsWith("$0.0000001 left of 'all' until 20");
        assertThat(simulator.bill().entries()).isEmpty();
    }

    @Test
    void a_report_is_printed_and_drawn_and_open_costs_are_asked_for() throws IOException {
        Ledger ledger = new InMemoryLedger();
        try (Portolan portolan = Portolan.builder()
                .provider(new OpenRouterProviderFactory())
                .sinkFactory(CostTracking.builder()
                        .ledger(ledger)
                        .withoutReconciliation()
                        .build())
                .build()) {
            try (ChatStream left = portolan.chat().stream(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                    .user("Tell me about the harbour of Genoa.")
                    .build())) {
                left.next();
            }
            CostSamples.report(ledger);
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (simulator.bill().entries().isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait(); // until the server has noticed that it was left
            }
            CostSamples.reconcile(portolan, ledger);
        }

        assertThat(printed())
                .contains("openrouter/openai/gpt-4o-mini $0 and 1 calls of unknown cost")
                .contains("1 settled, 0 open");
        assertThat(Files.readString(Path.of("week.html"))).startsWith("<!DOCTYPE html>");
    }

    @Test
    void calls_are_shown_to_monitoring() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Portolan portolan = CostSamples.signals(registry, OpenTelemetry.noop())) {
            portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .build());
        }

        assertThat(registry.get("gen_ai.client.operation.duration").timer().count())
                .isEqualTo(1);
    }
}
