package dev.portolan.cli;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.Total;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Costs as comma-separated values. */
final class CostsCsv {
    private CostsCsv() {}

    /** Sums; the first column tells by what, since there may be several tables. */
    static String totals(Map<String, List<Total>> tables) {
        Csv csv = new Csv(
                "by",
                "key",
                "currency",
                "calls",
                "unknown_calls",
                "estimated_calls",
                "amount",
                "prompt_tokens",
                "completion_tokens",
                "total_tokens");
        tables.forEach((by, rows) -> rows.forEach(row -> csv.row(
                by,
                row.key(),
                row.currency(),
                row.calls(),
                row.unknownCalls(),
                row.estimatedCalls(),
                row.amount(),
                row.promptTokens(),
                row.completionTokens(),
                row.totalTokens())));
        return csv.toString();
    }

    /** Single calls. Several generation ids, and tags, stand in one field with blanks between. */
    static String entries(List<CostEvent> entries, Instant now) {
        Csv csv = new Csv(
                "call_id",
                "started",
                "age_seconds",
                "operation",
                "model",
                "answered_model",
                "upstream",
                "tags",
                "prompt_tokens",
                "completion_tokens",
                "total_tokens",
                "amount",
                "currency",
                "cost_source",
                "latency_seconds",
                "first_token_seconds",
                "outcome",
                "error",
                "attempts",
                "generation_ids");
        for (CostEvent entry : entries) {
            boolean counted = entry.usage().isReported();
            BigDecimal amount = entry.cost().amount();
            csv.row(
                    entry.callId(),
                    entry.timing().started().toString(),
                    Duration.between(entry.timing().started(), now).toSeconds(),
                    Json.lower(entry.operation()),
                    entry.model().toString(),
                    entry.answeredBy().model(),
                    entry.answeredBy().upstream(),
                    entry.tags().entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" ")),
                    counted ? entry.usage().promptTokens() : null,
                    counted ? entry.usage().completionTokens() : null,
                    counted ? entry.usage().totalTokens() : null,
                    amount,
                    entry.cost().currency(),
                    Json.lower(entry.cost().source()),
                    CostsJson.seconds(entry.timing().latency()),
                    CostsJson.seconds(entry.timing().firstToken()),
                    Json.lower(entry.outcome().status()),
                    entry.outcome().error(),
                    entry.outcome().attempts(),
                    String.join(" ", entry.answeredBy().generationIds()));
        }
        return csv.toString();
    }
}
