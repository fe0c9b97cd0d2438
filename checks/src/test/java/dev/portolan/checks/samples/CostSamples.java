package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.cost.CostTracking;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.JdbcLedger;
import dev.portolan.cost.JournaledLedger;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Reconciler;
import dev.portolan.cost.Total;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import dev.portolan.cost.report.CostReport;
import dev.portolan.cost.report.HtmlReport;
import dev.portolan.cost.signal.CallTracing;
import dev.portolan.cost.signal.CostMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The samples of {@code docs/costs.md}, each between two marks. */
public final class CostSamples {
    private CostSamples() {}

    public static void tracking() {
        // sample: tracking
        Ledger ledger =
                new JournaledLedger(JdbcLedger.builder("jdbc:sqlite:costs.db").build(), Path.of("costs.db.pending"));
        CostTracking tracking = CostTracking.builder()
                .ledger(ledger)
                .budget(Budget.of("search", "10.00", Period.DAY).withScope(Scope.tag("team", "search")))
                .onBudget(alert -> System.out.println(
                        alert.kind() + " " + alert.state().budget().name()))
                .build();
        try (Portolan portolan =
                Portolan.builder().discover().sinkFactory(tracking).build()) {
            portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .tag("team", "search")
                            .tag("user", "u-4711")
                            .maxTokens(200)
                            .build());
            for (Total total : ledger.totals(Grouping.tag("team"), LedgerQuery.ALL)) {
                System.out.println(total.key() + ": " + total.calls() + " calls, $"
                        + total.amount().toPlainString());
            }
        }
        // end
    }

    public static void refused(Portolan portolan, ChatRequest request) {
        // sample: refused
        try {
            portolan.chat().complete(request);
        } catch (BudgetExceededException e) {
            e.shortage()
                    .ifPresent(shortage -> System.out.println("$"
                            + shortage.left().toPlainString() + " left of '" + shortage.budget() + "' until "
                            + shortage.renews()));
        }
        // end
    }

    public static void report(Ledger ledger) throws IOException {
        // sample: report
        LedgerQuery week = LedgerQuery.builder()
                .since(Instant.now().minus(Duration.ofDays(7)))
                .build();
        for (Total total : ledger.totals(Grouping.MODEL, week)) {
            System.out.println(total.key() + " $" + total.amount().toPlainString()
                    + (total.isComplete() ? "" : " and " + total.unknownCalls() + " calls of unknown cost"));
        }
        Files.writeString(
                Path.of("week.html"), HtmlReport.of(CostReport.of(ledger, week)).render());
        // end
    }

    public static void reconcile(Portolan portolan, Ledger ledger) {
        // sample: reconcile
        try (Reconciler reconciler =
                Reconciler.builder(ledger, portolan.billing()).build()) {
            Reconciler.Result result = reconciler.reconcileNow();
            System.out.println(result.settled() + " settled, " + result.open() + " open");
        }
        // end
    }

    public static Portolan signals(MeterRegistry registry, OpenTelemetry openTelemetry) {
        // sample: signals
        Portolan portolan = Portolan.builder()
                .discover()
                .sink(CostMeters.builder(registry).tag("team").build()) // your MeterRegistry
                .decorator(CallTracing.with(openTelemetry)) // your OpenTelemetry
                .build();
        // end
        return portolan;
    }
}
