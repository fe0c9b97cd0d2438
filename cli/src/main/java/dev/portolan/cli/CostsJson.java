package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Costs as one JSON object: what {@code portolan costs --json} prints. Every member is always there, {@code null} if it is
 * not known.
 *
 * <p>{@code simulated} tells whether these are calls that the simulator answered; {@code since} and {@code until} are times in
 * ISO 8601, the latter not included.
 *
 * <p>{@code totals} is an array with a sum for each currency; {@code tables} one of objects {@code {by, rows}}, {@code rows}
 * being an array of sums with their {@code key}. A sum has {@code currency}, {@code calls}, {@code unknownCalls} (their cost is
 * not part of the amount), {@code estimatedCalls} (theirs is), {@code amount} (an exact decimal), {@code promptTokens},
 * {@code completionTokens}, {@code totalTokens}.
 *
 * <p>{@code entries}, in place of these two, is an array of calls: {@code callId}, {@code operation}, {@code model},
 * {@code answeredBy} ({@code {model, upstream, generationIds}}), {@code tags} (an object), {@code started}, {@code latency} and
 * {@code firstToken} (seconds), {@code outcome}, {@code error}, {@code attempts}, {@code usage}, {@code cost}. {@code open} is
 * the same of the calls of unknown cost, which have {@code age} (seconds) and {@code canBeAskedFor} besides.
 */
final class CostsJson {
    private CostsJson() {}

    static RawJson totals(boolean simulated, LedgerQuery query, List<Total> all, Map<String, List<Total>> tables) {
        Map<String, @Nullable Object> members = head(simulated, query);
        members.put("totals", Json.each(all, CostsJson::sum));
        members.put(
                "tables",
                Json.each(
                        List.copyOf(tables.entrySet()),
                        table -> Json.object("by", table.getKey(), "rows", Json.each(table.getValue(), row -> {
                            Map<String, @Nullable Object> keyed = Json.object("key", row.key());
                            keyed.putAll(sum(row));
                            return keyed;
                        }))));
        return RawJson.of(members);
    }

    static RawJson entries(boolean simulated, LedgerQuery query, List<CostEvent> entries) {
        Map<String, @Nullable Object> members = head(simulated, query);
        members.put("entries", Json.each(entries, CostsJson::entry));
        return RawJson.of(members);
    }

    static RawJson open(boolean simulated, LedgerQuery query, List<CostEvent> entries, Instant now) {
        Map<String, @Nullable Object> members = head(simulated, query);
        members.put("open", Json.each(entries, entry -> {
            Map<String, @Nullable Object> open = entry(entry);
            open.put("age", Duration.between(entry.timing().started(), now).toSeconds());
            open.put("canBeAskedFor", !entry.answeredBy().generationIds().isEmpty());
            return open;
        }));
        return RawJson.of(members);
    }

    private static Map<String, @Nullable Object> head(boolean simulated, LedgerQuery query) {
        return Json.object(
                "simulated", simulated, "since", Json.text(query.since()), "until", Json.text(query.until()));
    }

    private static Map<String, @Nullable Object> sum(Total total) {
        return Json.object(
                "currency", total.currency(),
                "calls", total.calls(),
                "unknownCalls", total.unknownCalls(),
                "estimatedCalls", total.estimatedCalls(),
                "amount", Json.plain(total.amount()),
                "promptTokens", total.promptTokens(),
                "completionTokens", total.completionTokens(),
                "totalTokens", total.totalTokens());
    }

    private static Map<String, @Nullable Object> entry(CostEvent entry) {
        return Json.object(
                "callId", entry.callId(),
                "operation", Json.lower(entry.operation()),
                "model", entry.model().toString(),
                "answeredBy",
                        Json.object(
                                "model",
                                        entry.answeredBy().model().isEmpty()
                                                ? null
                                                : entry.answeredBy().model(),
                                "upstream", entry.answeredBy().upstream(),
                                "generationIds", entry.answeredBy().generationIds()),
                "tags", entry.tags(),
                "started", entry.timing().started().toString(),
                "latency", seconds(entry.timing().latency()),
                "firstToken", seconds(entry.timing().firstToken()),
                "outcome", Json.lower(entry.outcome().status()),
                "error", entry.outcome().error(),
                "attempts", entry.outcome().attempts(),
                "usage", Json.usage(entry.usage()),
                "cost", Json.cost(entry.cost()));
    }

    static @Nullable BigDecimal seconds(@Nullable Duration time) {
        return time == null ? null : BigDecimal.valueOf(time.toMillis(), 3);
    }
}
