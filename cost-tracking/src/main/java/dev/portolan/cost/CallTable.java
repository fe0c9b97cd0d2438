package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Reads and writes the tables of a ledger. Every text goes through {@link Escapes#DATABASE}. */
final class CallTable {
    private static final String COLUMNS =
            "call_id, operation, provider, model, answered_model, upstream, started_nanos,"
                    + " day, latency_nanos, first_token_nanos, status, error, attempts, currency, cost_source, amount_text,"
                    + " prompt_tokens, completion_tokens, total_tokens, cached_tokens, cache_write_tokens, prompt_audio_tokens,"
                    + " video_tokens, reasoning_tokens, image_tokens, completion_audio_tokens, accepted_prediction_tokens,"
                    + " rejected_prediction_tokens, usage_raw";
    private static final String PARAMETERS = ":" + COLUMNS.replace(", ", ", :");
    private static final String OLDEST_FIRST = " ORDER BY c.started_nanos, c.call_id LIMIT :limit";
    private static final String NEWEST_FIRST = " ORDER BY c.started_nanos DESC, c.call_id DESC LIMIT :limit";
    private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);
    private static final int IDS_AT_ONCE = 500;

    private final Dialect dialect;

    CallTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Within a transaction. Returns false if the call is there. */
    boolean insert(Handle handle, CostEvent event) {
        var insert = handle.createUpdate("INSERT INTO portolan_call (" + COLUMNS + ", " + dialect.amountColumns()
                + ") VALUES (" + PARAMETERS + ", " + dialect.amountParameters() + ") ON CONFLICT (call_id) DO NOTHING");
        String callId = escaped(event.callId());
        AnsweredBy by = event.answeredBy();
        Duration firstToken = event.timing().firstToken();
        insert.bind("call_id", callId)
                .bind("operation", event.operation().name())
                .bind("provider", event.model().provider())
                .bind("model", escaped(event.model().name()))
                .bind("answered_model", escaped(by.model()))
                .bind("upstream", escapedOrNull(by.upstream()))
                .bind("started_nanos", Entries.nanos(event.timing().started()))
                .bind("day", Grouping.DAY.keyOf(event))
                .bind("latency_nanos", event.timing().latency().toNanos())
                .bind("first_token_nanos", firstToken == null ? null : (Long) firstToken.toNanos())
                .bind("status", event.outcome().status().name())
                .bind("error", escapedOrNull(event.outcome().error()))
                .bind("attempts", event.outcome().attempts());
        bindCost(insert, event.cost());
        bindUsage(insert, event.usage());
        if (insert.execute() == 0) {
            return false;
        }
        // In the order of the ids, so that two writers never wait for each other.
        Map<String, Integer> positions = new TreeMap<>();
        by.generationIds().forEach(id -> positions.put(escaped(id), positions.size()));
        for (Map.Entry<String, Integer> generation : positions.entrySet()) {
            int written = handle.createUpdate("INSERT INTO portolan_call_generation"
                            + " (provider, generation_id, call_id, position) VALUES (:provider, :id, :call_id, :position)"
                            + " ON CONFLICT (provider, generation_id) DO NOTHING")
                    .bind("provider", event.model().provider())
                    .bind("id", generation.getKey())
                    .bind("call_id", callId)
                    .bind("position", generation.getValue())
                    .execute();
            if (written == 0) {
                handle.execute("DELETE FROM portolan_call_generation WHERE call_id = ?", callId);
                handle.execute("DELETE FROM portolan_call WHERE call_id = ?", callId);
                return false;
            }
        }
        int position = 0;
        for (Map.Entry<String, String> tag : event.tags().entrySet()) {
            handle.createUpdate("INSERT INTO portolan_call_tag (call_id, position, name, value)"
                            + " VALUES (:call_id, :position, :name, :value)")
                    .bind("call_id", callId)
                    .bind("position", position++)
                    .bind("name", escaped(tag.getKey()))
                    .bind("value", escaped(tag.getValue()))
                    .execute();
        }
        return true;
    }

    /** Writes down what a call did cost, unless that was reported already. */
    boolean settle(Handle handle, String callId, Cost cost, Usage usage) {
        String usageColumns = usage.isReported()
                ? ", prompt_tokens, completion_tokens, total_tokens, cached_tokens, cache_write_tokens,"
                        + " prompt_audio_tokens, video_tokens, reasoning_tokens, image_tokens, completion_audio_tokens,"
                        + " accepted_prediction_tokens, rejected_prediction_tokens, usage_raw"
                : "";
        String columns = "currency, cost_source, amount_text" + usageColumns;
        String parameters = ":" + columns.replace(", ", ", :");
        var update = handle.createUpdate(
                        "UPDATE portolan_call SET (" + columns + ", " + dialect.amountColumns() + ") = ("
                                + parameters + ", " + dialect.amountParameters()
                                + ") WHERE call_id = :call_id AND cost_source <> 'REPORTED'")
                .bind("call_id", escaped(callId));
        bindCost(update, cost);
        if (usage.isReported()) {
            bindUsage(update, usage);
        }
        return update.execute() > 0;
    }

    private void bindCost(SqlStatement<?> statement, Cost cost) {
        BigDecimal amount = cost.amount();
        statement
                .bind("currency", escaped(cost.currency()))
                .bind("cost_source", cost.source().name())
                .bind("amount_text", amount == null ? null : amount.toString());
        dialect.bindAmount(statement, amount);
    }

    private static void bindUsage(SqlStatement<?> statement, Usage usage) {
        RawJson raw = usage.raw();
        statement
                .bind("prompt_tokens", usage.promptTokens())
                .bind("completion_tokens", usage.completionTokens())
                .bind("total_tokens", usage.totalTokens())
                .bind("cached_tokens", usage.prompt().cachedTokens())
                .bind("cache_write_tokens", usage.prompt().cacheWriteTokens())
                .bind("prompt_audio_tokens", usage.prompt().audioTokens())
                .bind("video_tokens", usage.prompt().videoTokens())
                .bind("reasoning_tokens", usage.completion().reasoningTokens())
                .bind("image_tokens", usage.completion().imageTokens())
                .bind("completion_audio_tokens", usage.completion().audioTokens())
                .bind("accepted_prediction_tokens", usage.completion().acceptedPredictionTokens())
                .bind("rejected_prediction_tokens", usage.completion().rejectedPredictionTokens())
                .bind("usage_raw", raw == null ? null : escaped(raw.text()));
    }

    Optional<CostEvent> find(Handle handle, String callId) {
        Query select = handle.createQuery("SELECT " + COLUMNS + " FROM portolan_call c WHERE c.call_id = :call_id")
                .bind("call_id", escaped(callId));
        return read(handle, select).stream().findFirst();
    }

    /** The same, kept from being changed by another transaction until this one ends. */
    Optional<CostEvent> findToChange(Handle handle, String callId) {
        Query select = handle.createQuery(
                        "SELECT " + COLUMNS + " FROM portolan_call c WHERE c.call_id = :call_id" + dialect.forUpdate())
                .bind("call_id", escaped(callId));
        return read(handle, select).stream().findFirst();
    }

    List<CostEvent> entries(Handle handle, LedgerQuery query) {
        return entries(handle, query, new Filter(query), OLDEST_FIRST);
    }

    List<CostEvent> latest(Handle handle, LedgerQuery query) {
        return entries(handle, query, new Filter(query), NEWEST_FIRST);
    }

    List<CostEvent> unknown(Handle handle, LedgerQuery query) {
        Filter filter = new Filter(query);
        filter.conditions.add("c.amount_text IS NULL");
        return entries(handle, query, filter, OLDEST_FIRST);
    }

    private List<CostEvent> entries(Handle handle, LedgerQuery query, Filter filter, String order) {
        Query select = handle.createQuery("SELECT " + COLUMNS + " FROM portolan_call c" + filter.where() + order);
        filter.bindTo(select);
        return read(handle, select.bind("limit", query.limit()));
    }

    List<String> tagNames(Handle handle, LedgerQuery query) {
        Filter filter = new Filter(query);
        Query names = handle.createQuery("SELECT DISTINCT n.name FROM portolan_call_tag n"
                + (filter.conditions.isEmpty() ? "" : " JOIN portolan_call c ON c.call_id = n.call_id")
                + filter.where());
        filter.bindTo(names);
        return names.map((row, context) -> requiredText(row, 1)).list().stream()
                .sorted()
                .toList();
    }

    List<CostEvent> unsettled(Handle handle, int limit) {
        Query select = handle.createQuery("SELECT " + COLUMNS + " FROM portolan_call c WHERE c.amount_text IS NULL"
                + " AND EXISTS (SELECT 1 FROM portolan_call_generation g WHERE g.call_id = c.call_id)" + OLDEST_FIRST);
        return read(handle, select.bind("limit", limit));
    }

    List<Total> totals(Handle handle, Grouping by, LedgerQuery query) {
        return totals(handle, Grouping.NOTHING, by, query).stream()
                .map(CrossTotal::total)
                .toList();
    }

    List<CrossTotal> totals(Handle handle, Grouping rows, Grouping columns, LedgerQuery query) {
        CrossTally tally = new CrossTally();
        Filter filter = new Filter(query);
        String keys = key(rows, "row_tag", filter) + ", " + key(columns, "group_tag", filter);
        Query sums = handle.createQuery("SELECT " + keys + ", c.currency, COUNT(*),"
                + " SUM(CASE WHEN c.amount_text IS NULL THEN 1 ELSE 0 END),"
                + " SUM(CASE WHEN c.cost_source = 'ESTIMATED' THEN 1 ELSE 0 END), "
                + dialect.amountSums() + sumInParts("prompt_tokens") + sumInParts("completion_tokens")
                + sumInParts("total_tokens") + " FROM portolan_call c" + filter.where() + " GROUP BY 1, 2, 3");
        filter.bindTo(sums);
        sums.map((row, context) -> {
                    Tally.Sums total = tally.row(text(row, 1)).row(text(row, 2), requiredText(row, 3));
                    total.calls = row.getLong(4);
                    total.unknown = row.getLong(5);
                    total.estimated = row.getLong(6);
                    total.amount = number(row, 7)
                            .add(number(row, 8).movePointLeft(9))
                            .add(number(row, 9).movePointLeft(18));
                    total.prompt = sumOfParts(row, 10);
                    total.completion = sumOfParts(row, 12);
                    total.total = sumOfParts(row, 14);
                    return total;
                })
                .list();
        if (dialect.leavesOddAmounts()) {
            filter.conditions.add("c.odd_amount = 1");
            Query odd = handle.createQuery(
                    "SELECT " + keys + ", c.currency, c.amount_text FROM portolan_call c" + filter.where());
            filter.bindTo(odd);
            odd.map((row, context) -> {
                        Tally.Sums total = tally.row(text(row, 1)).row(text(row, 2), requiredText(row, 3));
                        total.amount = total.amount.add(number(row, 4));
                        return total;
                    })
                    .list();
        }
        return tally.totals();
    }

    private static String key(Grouping by, String parameter, Filter filter) {
        if (by instanceof Grouping.Tag tag) {
            filter.values.put(parameter, escaped(tag.name()));
            return "(SELECT t.value FROM portolan_call_tag t WHERE t.call_id = c.call_id AND t.name = :" + parameter
                    + ")";
        }
        return switch ((Grouping.Field) by) {
            case NOTHING -> "''";
            case MODEL -> "c.provider || '/' || c.model";
            case PROVIDER -> "c.provider";
            case UPSTREAM -> "c.upstream";
            case DAY -> "c.day";
            case OPERATION -> "c.operation";
            case OUTCOME -> "c.status";
        };
    }

    /** SQLite fails when a sum leaves 64 bits; neither half of a count comes near. */
    private static String sumInParts(String column) {
        return ", SUM(c." + column + " / 1000000000), SUM(c." + column + " % 1000000000)";
    }

    private static BigInteger sumOfParts(ResultSet row, int column) throws SQLException {
        return number(row, column)
                .toBigIntegerExact()
                .multiply(BILLION)
                .add(number(row, column + 1).toBigIntegerExact());
    }

    private static BigDecimal number(ResultSet row, int column) throws SQLException {
        String digits = row.getString(column);
        return digits == null ? BigDecimal.ZERO : new BigDecimal(digits);
    }

    private List<CostEvent> read(Handle handle, Query select) {
        List<CostEvent> entries = select.map((row, context) -> entry(row)).list();
        List<CostEvent> complete = new ArrayList<>(entries.size());
        for (int from = 0; from < entries.size(); from += IDS_AT_ONCE) {
            complete.addAll(withParts(handle, entries.subList(from, Math.min(entries.size(), from + IDS_AT_ONCE))));
        }
        return complete;
    }

    private static CostEvent entry(ResultSet row) throws SQLException {
        String amount = row.getString("amount_text");
        long firstToken = row.getLong("first_token_nanos");
        boolean streamed = !row.wasNull();
        String raw = text(row, "usage_raw");
        return new CostEvent(
                requiredText(row, "call_id"),
                Operation.valueOf(row.getString("operation")),
                new ModelId(row.getString("provider"), requiredText(row, "model")),
                new AnsweredBy(requiredText(row, "answered_model"), text(row, "upstream"), List.of()),
                Map.of(),
                new Usage(
                        row.getLong("prompt_tokens"),
                        row.getLong("completion_tokens"),
                        row.getLong("total_tokens"),
                        new Usage.PromptDetails(
                                row.getLong("cached_tokens"),
                                row.getLong("cache_write_tokens"),
                                row.getLong("prompt_audio_tokens"),
                                row.getLong("video_tokens")),
                        new Usage.CompletionDetails(
                                row.getLong("reasoning_tokens"),
                                row.getLong("image_tokens"),
                                row.getLong("completion_audio_tokens"),
                                row.getLong("accepted_prediction_tokens"),
                                row.getLong("rejected_prediction_tokens")),
                        raw == null ? null : RawJson.parse(raw)),
                new Cost(
                        amount == null ? null : new BigDecimal(amount),
                        requiredText(row, "currency"),
                        Cost.Source.valueOf(row.getString("cost_source"))),
                new Timing(
                        Entries.instant(row.getLong("started_nanos")),
                        Duration.ofNanos(row.getLong("latency_nanos")),
                        streamed ? Duration.ofNanos(firstToken) : null),
                new Outcome(
                        Outcome.Status.valueOf(row.getString("status")), text(row, "error"), row.getInt("attempts")));
    }

    /** The entries with their tags and generation ids, which are in tables of their own. */
    private static List<CostEvent> withParts(Handle handle, List<CostEvent> entries) {
        List<String> callIds =
                entries.stream().map(entry -> escaped(entry.callId())).toList();
        Map<String, Map<String, String>> tags = new HashMap<>();
        handle.createQuery(
                        "SELECT call_id, name, value FROM portolan_call_tag WHERE call_id IN (<ids>) ORDER BY position")
                .bindList("ids", callIds)
                .map((row, context) -> tags.computeIfAbsent(requiredText(row, 1), id -> new LinkedHashMap<>())
                        .put(requiredText(row, 2), requiredText(row, 3)))
                .list();
        Map<String, List<String>> generations = new HashMap<>();
        handle.createQuery("SELECT call_id, generation_id FROM portolan_call_generation WHERE call_id IN (<ids>)"
                        + " ORDER BY position")
                .bindList("ids", callIds)
                .map((row, context) -> generations
                        .computeIfAbsent(requiredText(row, 1), id -> new ArrayList<>())
                        .add(requiredText(row, 2)))
                .list();
        return entries.stream()
                .map(entry -> new CostEvent(
                        entry.callId(),
                        entry.operation(),
                        entry.model(),
                        new AnsweredBy(
                                entry.answeredBy().model(),
                                entry.answeredBy().upstream(),
                                generations.getOrDefault(entry.callId(), List.of())),
                        tags.getOrDefault(entry.callId(), Map.of()),
                        entry.usage(),
                        entry.cost(),
                        entry.timing(),
                        entry.outcome()))
                .toList();
    }

    private static String escaped(String text) {
        return Escapes.DATABASE.escaped(text);
    }

    private static @Nullable String escapedOrNull(@Nullable String text) {
        return text == null ? null : escaped(text);
    }

    private static @Nullable String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Escapes.DATABASE.unescaped(text);
    }

    private static @Nullable String text(ResultSet row, String column) throws SQLException {
        return text(row, row.findColumn(column));
    }

    private static String requiredText(ResultSet row, int column) throws SQLException {
        String text = text(row, column);
        if (text == null) {
            throw new SQLException("Column " + column + " of a row of the ledger is empty");
        }
        return text;
    }

    private static String requiredText(ResultSet row, String column) throws SQLException {
        return requiredText(row, row.findColumn(column));
    }

    /** The conditions of a query, and the values in them. */
    private static final class Filter {
        final List<String> conditions = new ArrayList<>();
        final Map<String, Object> values = new HashMap<>();

        Filter(LedgerQuery query) {
            if (query.since() != null) {
                add("c.started_nanos >= :since", "since", Entries.nanos(query.since()));
            }
            if (query.until() != null) {
                add("c.started_nanos < :until", "until", Entries.nanos(query.until()));
            }
            if (query.provider() != null) {
                add("c.provider = :provider", "provider", escaped(query.provider()));
            }
            if (query.model() != null) {
                add(
                        "c.provider = :model_provider",
                        "model_provider",
                        query.model().provider());
                add("c.model = :model", "model", escaped(query.model().name()));
            }
            if (query.operation() != null) {
                add("c.operation = :operation", "operation", query.operation().name());
            }
            if (query.status() != null) {
                add("c.status = :status", "status", query.status().name());
            }
            int i = 0;
            for (Map.Entry<String, String> tag : query.tags().entrySet()) {
                String name = "tag_name_" + i;
                String value = "tag_value_" + i++;
                add(
                        "EXISTS (SELECT 1 FROM portolan_call_tag t WHERE t.call_id = c.call_id AND t.name = :" + name
                                + " AND t.value = :" + value + ")",
                        name,
                        escaped(tag.getKey()));
                values.put(value, escaped(tag.getValue()));
            }
        }

        private void add(String condition, String name, Object value) {
            conditions.add(condition);
            values.put(name, value);
        }

        String where() {
            return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        }

        void bindTo(Query query) {
            values.forEach(query::bind);
        }
    }
}
