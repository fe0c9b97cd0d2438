package dev.portolan.cost.report;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.LedgerQuery;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ledger in memory that a test fills. */
final class Spending {
    final InMemoryLedger ledger = new InMemoryLedger();
    private int calls;

    /** A call that cost so many dollars. */
    Spending call(String day, String model, String dollars) {
        return call(day, model, Cost.reported(new BigDecimal(dollars)), Map.of());
    }

    Spending call(String day, String model, Cost cost, Map<String, String> tags) {
        return call(day, model, cost, tags, Outcome.Status.COMPLETED, 1_000, null);
    }

    Spending call(
            String day,
            String model,
            Cost cost,
            Map<String, String> tags,
            Outcome.Status status,
            long latencyMillis,
            @Nullable Long firstTokenMillis) {
        ledger.record(new CostEvent(
                "call-" + calls++,
                Operation.CHAT,
                ModelId.parse(model),
                new AnsweredBy("", "Acme", cost.isKnown() ? List.of() : List.of("gen-<" + calls + ">")),
                tags,
                Usage.of(1_000, 20),
                cost,
                new Timing(
                        Instant.parse(day + "T12:00:00Z"),
                        Duration.ofMillis(latencyMillis),
                        firstTokenMillis == null ? null : Duration.ofMillis(firstTokenMillis)),
                new Outcome(status, status == Outcome.Status.FAILED ? "RateLimitedException" : null, 1)));
        return this;
    }

    CostReport report() {
        return report(LedgerQuery.ALL);
    }

    CostReport report(LedgerQuery query) {
        return CostReport.of(ledger, query, Clock.fixed(Instant.parse("2026-03-31T20:00:00Z"), ZoneOffset.UTC));
    }
}
