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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Reads and writes the tables of a ledger. Every text goes through {@link Escapes#DATABASE}. */
final class CallTable {
    private static final String COLUMNS =
            "call_id, operation, provider, model, answered_model, upstream, started_nanos,"
                    + " day, latency_nanos, first_token_nanos, status, error, attempts, currency, cost_source, amount_text,"
                    + " cached_tokens, cache_write_tokens, prompt_audio_tokens, video_tokens, reasoning_tokens,"
                    + " image_tokens, completion_audio_tokens, accepted_prediction_tokens,"
                    + " rejected_prediction_tokens, tags, usage_raw";
    private static final String SETTLED_COLUMNS = "currency, cost_source, amount_text, cached_tokens,"
            + " cache_write_tokens, prompt_audio_tokens, video_tokens, reasoning_tokens, image_tokens,"
            + " completion_audio_tokens, accepted_prediction_tokens, rejected_prediction_tokens, usage_raw";
    private static final String TAG_COLUMNS = "call_id, name, value, currency, cost_source, day, provider, model,"
            + " operation, status, started_nanos, upstream, tags";

    /** In which order the rows for reports are kept; those of a tag after its name and value. */
    private static final List<String> ORDER_OF_CALLS =
            List.of("day", "currency", "cost_source", "provider", "model", "operation", "status", "upstream");

    private static final List<String> ORDER_OF_TAGS =
            List.of("currency", "cost_source", "day", "provider", "model", "operation", "status");
    private static final List<String> ORDER_OF_VALUES = List.of("value", "currency", "cost_source");

    private static final int IDS_AT_ONCE = 500;

    private record Generation(String provider, String id, String callId, int position) {}

    private final Dialect dialect;
    private final String columns;
    private final String insertCall;
    private final String insertTag;

    CallTable(Dialect dialect) {
        this.dialect = dialect;
        this.columns = COLUMNS + ", prompt_tokens, completion_tokens, total_tokens";
        this.insertCall = insert("portolan_call", COLUMNS) + " ON CONFLICT (call_id) DO NOTHING";
        this.insertTag = insert("portolan_call_tag", TAG_COLUMNS);
    }

    private String insert(String table, String names) {
        String all = names + ", " + dialect.figureColumns();
        return "INSERT INTO " + table + " (" + all + ") VALUES (" + parameters(all) + ")";
    }

    private static String parameters(String names) {
        return ":" + names.replace(", ", ", :");
    }

    /**
     * Within a transaction: writes down what is not there yet.
     *
     * @return the entries that were written
     */
    List<CostEvent> insert(Handle handle, List<CostEvent> entries) {
        List<CostEvent> written = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += IDS_AT_ONCE) {
            written.addAll(insertTogether(handle, entries.subList(from, Math.min(entries.size(), from + IDS_AT_ONCE))));
        }
        return written;
    }

    private List<CostEvent> insertTogether(Handle handle, List<CostEvent> entries) {
        // In the order of the ids, here and below, so that two writers never wait for each other.
        List<CostEvent> calls =
                entries.stream().sorted(Comparator.comparing(CostEvent::callId)).toList();
        PreparedBatch rows = handle.prepareBatch(insertCall);
        for (CostEvent call : calls) {
            bindCall(rows, call);
            rows.add();
        }
        List<CostEvent> added = those(calls, rows.execute());
        if (!insertGenerations(handle, added)) {
            // Some are calls told again under another id; which of them stand depends on their order.
            delete(handle, added);
            return entries.size() == 1
                    ? List.of()
                    : entries.stream()
                            .flatMap(entry -> insertTogether(handle, List.of(entry)).stream())
                            .toList();
        }
        insertTags(handle, added);
        return added;
    }

    /** Those that were not there. */
    private static List<CostEvent> those(List<CostEvent> calls, int[] rowsWritten) {
        List<CostEvent> added = new ArrayList<>();
        for (int i = 0; i < rowsWritten.length; i++) {
            if (rowsWritten[i] != 0) {
                added.add(calls.get(i));
            }
        }
        return added;
    }

    /** Returns whether all of them are new. */
    private static boolean insertGenerations(Handle handle, List<CostEvent> entries) {
        List<Generation> generations = new ArrayList<>();
        for (CostEvent entry : entries) {
            int position = 0;
            for (String id : entry.answeredBy().generationIds()) {
                generations.add(
                        new Generation(entry.model().provider(), escaped(id), escaped(entry.callId()), position++));
            }
        }
        if (generations.isEmpty()) {
            return true;
        }
        generations.sort(Comparator.comparing(Generation::provider).thenComparing(Generation::id));
        PreparedBatch rows = handle.prepareBatch("INSERT INTO portolan_call_generation"
                + " (provider, generation_id, call_id, position) VALUES (:provider, :id, :call_id, :position)"
                + " ON CONFLICT (provider, generation_id) DO NOTHING");
        for (Generation generation : generations) {
            rows.bind("provider", generation.provider())
                    .bind("id", generation.id())
                    .bind("call_id", generation.callId())
                    .bind("position", generation.position())
                    .add();
        }
        return Arrays.stream(rows.execute()).allMatch(written -> written != 0);
    }

    private static void delete(Handle handle, List<CostEvent> entries) {
        List<String> callIds =
                entries.stream().map(entry -> escaped(entry.callId())).toList();
        for (String table : List.of("portolan_call_generation", "portolan_call")) {
            handle.createUpdate("DELETE FROM " + table + " WHERE call_id IN (<ids>)")
                    .bindList("ids", callIds)
                    .execute();
        }
    }

    private void insertTags(Handle handle, List<CostEvent> events) {
        if (events.stream().allMatch(event -> event.tags().isEmpty())) {
            return;
        }
        PreparedBatch rows = handle.prepareBatch(insertTag);
        for (CostEvent event : events) {
            event.tags().forEach((name, value) -> {
                bindTag(rows, event, name, value);
                rows.bind("upstream", escapedOrNull(event.answeredBy().upstream()))
                        .bind("tags", TagText.write(event.tags()));
                bindFigures(rows, event);
                rows.add();
            });
        }
        rows.execute();
    }

    /** Writes down what a call did cost, unless that was reported already. */
    boolean settle(Handle handle, String callId, Cost cost, Usage usage) {
        Query select = handle.createQuery(
                        "SELECT " + columns + " FROM portolan_call c WHERE c.call_id = :call_id" + dialect.forUpdate())
                .bind("call_id", escaped(callId));
        Optional<CostEvent> found = read(handle, select).stream().findFirst();
        if (found.isEmpty() || !Entries.isOpen(found.get())) {
            return false;
        }
        CostEvent before = found.get();
        CostEvent after = Entries.settled(before, cost, usage);
        String names = SETTLED_COLUMNS + ", " + dialect.figureColumns();
        var update = handle.createUpdate(
                "UPDATE portolan_call SET (" + names + ") = (" + parameters(names) + ") WHERE call_id = :call_id");
        bindSettled(update.bind("call_id", escaped(callId)), after);
        update.execute();
        if (!before.tags().isEmpty()) {
            // By all of their key: there is no index of call ids beside it in SQLite.
            PreparedBatch old = handle.prepareBatch("DELETE FROM portolan_call_tag WHERE call_id = :call_id"
                    + " AND name = :name AND value = :value AND currency = :currency AND cost_source = :cost_source"
                    + " AND day = :day AND provider = :provider AND model = :model AND operation = :operation"
                    + " AND status = :status AND started_nanos = :started_nanos");
            before.tags().forEach((name, value) -> {
                bindTag(old, before, name, value);
                old.add();
            });
            old.execute();
            insertTags(handle, List.of(after));
        }
        return true;
    }

    private void bindCall(SqlStatement<?> statement, CostEvent event) {
        AnsweredBy by = event.answeredBy();
        Duration firstToken = event.timing().firstToken();
        bindKey(statement, event);
        bindSettled(statement, event);
        statement
                .bind("answered_model", escaped(by.model()))
                .bind("upstream", escapedOrNull(by.upstream()))
                .bind("latency_nanos", event.timing().latency().toNanos())
                .bind("first_token_nanos", firstToken == null ? null : (Long) firstToken.toNanos())
                .bind("error", escapedOrNull(event.outcome().error()))
                .bind("attempts", event.outcome().attempts())
                .bind("tags", TagText.write(event.tags()));
    }

    private static void bindTag(SqlStatement<?> statement, CostEvent event, String name, String value) {
        bindKey(statement, event);
        statement
                .bind("name", escaped(name))
                .bind("value", escaped(value))
                .bind("currency", escaped(event.cost().currency()))
                .bind("cost_source", event.cost().source().name());
    }

    private static void bindKey(SqlStatement<?> statement, CostEvent event) {
        statement
                .bind("call_id", escaped(event.callId()))
                .bind("operation", event.operation().name())
                .bind("provider", event.model().provider())
                .bind("model", escaped(event.model().name()))
                .bind("started_nanos", Entries.nanos(event.timing().started()))
                .bind("day", Grouping.DAY.keyOf(event))
                .bind("status", event.outcome().status().name());
    }

    private void bindSettled(SqlStatement<?> statement, CostEvent event) {
        BigDecimal amount = event.cost().amount();
        Usage usage = event.usage();
        RawJson raw = usage.raw();
        bindFigures(statement, event);
        statement
                .bind("currency", escaped(event.cost().currency()))
                .bind("cost_source", event.cost().source().name())
                .bind("amount_text", amount == null ? null : amount.toString())
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

    private void bindFigures(SqlStatement<?> statement, CostEvent event) {
        dialect.bindAmount(statement, event);
        statement
                .bind("prompt_tokens", event.usage().promptTokens())
                .bind("completion_tokens", event.usage().completionTokens())
                .bind("total_tokens", event.usage().totalTokens());
    }

    Optional<CostEvent> find(Handle handle, String callId) {
        Query select = handle.createQuery("SELECT " + columns + " FROM portolan_call c WHERE c.call_id = :call_id")
                .bind("call_id", escaped(callId));
        return read(handle, select).stream().findFirst();
    }

    List<CostEvent> entries(Handle handle, LedgerQuery query) {
        Filter filter = new Filter(query);
        String order = query.newestFirst()
                ? " ORDER BY c.started_nanos DESC, c.call_id DESC LIMIT :limit"
                : " ORDER BY c.started_nanos, c.call_id LIMIT :limit";
        String where;
        if (query.tags().isEmpty()) {
            where = filter.where();
        } else {
            filter.chooseTag();
            where = " WHERE c.call_id IN (SELECT c.call_id FROM portolan_call_tag c" + filter.where() + order + ")";
        }
        Query select = handle.createQuery("SELECT " + columns + " FROM portolan_call c" + where + order);
        filter.bindTo(select);
        return read(handle, select.bind("limit", query.limit()));
    }

    List<CostEvent> unsettled(Handle handle, int limit) {
        Query select = handle.createQuery("SELECT " + columns + " FROM portolan_call c WHERE c.amount_text IS NULL"
                + " AND EXISTS (SELECT 1 FROM portolan_call_generation g WHERE g.call_id = c.call_id)"
                + " ORDER BY c.started_nanos, c.call_id LIMIT :limit");
        return read(handle, select.bind("limit", limit));
    }

    List<Total> totals(Handle handle, Grouping by, LedgerQuery query) {
        dialect.beginReport(handle);
        Tally tally = new Tally();
        if (by instanceof Grouping.Tag tag) {
            addByTag(handle, tag.name(), query, tally);
        } else {
            add(handle, (Grouping.Field) by, query, tally);
        }
        if (dialect.leavesOddFigures()) {
            Filter filter = new Filter(query);
            filter.addTags();
            filter.conditions.add("c.odd = 1");
            Query odd = handle.createQuery("SELECT " + columns + " FROM portolan_call c" + filter.where());
            filter.bindTo(odd);
            odd.map((row, context) -> entry(row)).forEach(entry -> tally.add(by.keyOf(entry), entry));
        }
        return tally.totals();
    }

    private void addByTag(Handle handle, String name, LedgerQuery query, Tally tally) {
        Filter filter = new Filter(query);
        filter.add("c.name = :group_tag", "group_tag", escaped(name));
        filter.addTags();
        sum(handle, "c.value", "portolan_call_tag c", filter, ORDER_OF_VALUES, tally);
        if (!query.tags().containsKey(name)) {
            // What is in none of these totals are the calls without the tag.
            Tally all = new Tally();
            add(handle, Grouping.Field.NOTHING, query, all);
            tally.addRest(null, all);
        }
    }

    private void add(Handle handle, Grouping.Field by, LedgerQuery query, Tally tally) {
        String key = switch (by) {
            case NOTHING -> "''";
            case MODEL -> "c.provider || '/' || c.model";
            case PROVIDER -> "c.provider";
            case UPSTREAM -> "c.upstream";
            case DAY -> "c.day";
            case OPERATION -> "c.operation";
            case OUTCOME -> "c.status";
        };
        List<String> columnsOfKey = switch (by) {
            case NOTHING -> List.of();
            case MODEL -> List.of("provider", "model");
            case PROVIDER -> List.of("provider");
            case UPSTREAM -> List.of("upstream");
            case DAY -> List.of("day");
            case OPERATION -> List.of("operation");
            case OUTCOME -> List.of("status");
        };
        Filter filter = new Filter(query);
        boolean all = query.tags().isEmpty();
        if (!all) {
            filter.chooseTag();
        }
        List<String> groups = dialect.grouped(all ? ORDER_OF_CALLS : ORDER_OF_TAGS, columnsOfKey);
        sum(handle, key, all ? dialect.callsOfReports() : "portolan_call_tag c", filter, groups, tally);
    }

    private void sum(Handle handle, String key, String from, Filter filter, List<String> groups, Tally tally) {
        if (dialect.leavesOddFigures()) {
            filter.conditions.add("c.odd = 0");
        }
        Query sums = handle.createQuery("SELECT " + key + ", c.currency, c.cost_source, COUNT(*), "
                + dialect.amountSums()
                + ", SUM(c.prompt_tokens), SUM(c.completion_tokens), SUM(c.total_tokens) FROM " + from + filter.where()
                + " GROUP BY c." + String.join(", c.", groups));
        filter.bindTo(sums);
        // With several rows for a key: the groups may be finer.
        sums.map((row, context) -> {
                    Tally.Sums total = tally.row(text(row, 1), requiredText(row, 2));
                    long calls = row.getLong(4);
                    total.calls += calls;
                    switch (Cost.Source.valueOf(row.getString(3))) {
                        case UNKNOWN -> total.unknown += calls;
                        case ESTIMATED -> total.estimated += calls;
                        case REPORTED -> {}
                    }
                    total.amount = total.amount
                            .add(number(row, 5))
                            .add(number(row, 6).movePointLeft(9))
                            .add(number(row, 7).movePointLeft(18))
                            .add(number(row, 8).movePointLeft(27));
                    total.prompt = total.prompt.add(number(row, 9).toBigIntegerExact());
                    total.completion = total.completion.add(number(row, 10).toBigIntegerExact());
                    total.total = total.total.add(number(row, 11).toBigIntegerExact());
                    return total;
                })
                .list();
    }

    private static BigDecimal number(ResultSet row, int column) throws SQLException {
        String digits = row.getString(column);
        return digits == null ? BigDecimal.ZERO : new BigDecimal(digits);
    }

    private List<CostEvent> read(Handle handle, Query select) {
        List<CostEvent> entries = select.map((row, context) -> entry(row)).list();
        List<CostEvent> complete = new ArrayList<>(entries.size());
        for (int from = 0; from < entries.size(); from += IDS_AT_ONCE) {
            complete.addAll(
                    withGenerations(handle, entries.subList(from, Math.min(entries.size(), from + IDS_AT_ONCE))));
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
                TagText.read(row.getString("tags")),
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

    /** The entries with their generation ids, which are in a table of their own. */
    private static List<CostEvent> withGenerations(Handle handle, List<CostEvent> entries) {
        List<String> callIds =
                entries.stream().map(entry -> escaped(entry.callId())).toList();
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
                        entry.tags(),
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
    private final class Filter {
        private final LedgerQuery query;
        final List<String> conditions = new ArrayList<>();
        final Map<String, Object> values = new HashMap<>();

        /** All but the tags. */
        Filter(LedgerQuery query) {
            this.query = query;
            if (query.since() != null) {
                long since = Entries.nanos(query.since());
                add("c.started_nanos >= :since", "since", since);
                add("c.day >= :first_day", "first_day", Entries.day(Entries.instant(since)));
            }
            if (query.until() != null) {
                long until = Entries.nanos(query.until());
                add("c.started_nanos < :until", "until", until);
                add("c.day <= :last_day", "last_day", Entries.day(Entries.instant(until)));
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
        }

        /** For a query of the table of tags: the rows of one of the tags that are asked for. */
        void chooseTag() {
            addTags();
            Map.Entry<String, String> tag = query.tags().entrySet().iterator().next();
            conditions.add(0, dialect.tagIs(":tag_name", ":tag_value"));
            values.put("tag_name", escaped(tag.getKey()));
            values.put("tag_value", escaped(tag.getValue()));
        }

        /** Calls that have all the tags that are asked for. */
        void addTags() {
            int i = 0;
            for (Map.Entry<String, String> tag : query.tags().entrySet()) {
                String name = "tag_" + i++;
                add(dialect.contains("c.tags", ":" + name), name, TagText.part(tag.getKey(), tag.getValue()));
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
