package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a ledger: those that match all that is given.
 *
 * @param since begun at this time or later
 * @param until begun before this time
 * @param provider asked of this provider
 * @param model asked of this model
 * @param operation of this kind
 * @param status ended like this
 * @param tags having each of these tags with this value
 * @param newestFirst whether the entries that began last come first, rather than last
 * @param limit at most so many entries, the first ones in that order; at least 1
 */
public record LedgerQuery(
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String provider,
        @Nullable ModelId model,
        @Nullable Operation operation,
        Outcome.@Nullable Status status,
        Map<String, String> tags,
        boolean newestFirst,
        int limit) {
    /** Every entry, oldest first. */
    public static final LedgerQuery ALL = builder().build();

    /** Copies the map. */
    public LedgerQuery {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        if (limit < 1) {
            throw new IllegalArgumentException("The limit of a ledger query is " + limit + "; expected 1 or more");
        }
    }

    /** Every entry, oldest first, until something is given. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same with another limit. */
    public LedgerQuery withLimit(int entries) {
        return new LedgerQuery(since, until, provider, model, operation, status, tags, newestFirst, entries);
    }

    /** The same entries, those first that began last. */
    public LedgerQuery withNewestFirst() {
        return new LedgerQuery(since, until, provider, model, operation, status, tags, true, limit);
    }

    /** The same, of the calls that have this tag too. */
    public LedgerQuery withTag(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(tags);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new LedgerQuery(since, until, provider, model, operation, status, more, newestFirst, limit);
    }

    /** Whether an entry is one of these; the limit does not count. */
    public boolean matches(CostEvent event) {
        Instant started = event.timing().started();
        return (since == null || !started.isBefore(since))
                && (until == null || started.isBefore(until))
                && (provider == null || provider.equals(event.model().provider()))
                && (model == null || model.equals(event.model()))
                && (operation == null || operation == event.operation())
                && (status == null || status == event.outcome().status())
                && event.tags().entrySet().containsAll(tags.entrySet());
    }

    /** Collects what is asked for. */
    public static final class Builder {
        private @Nullable Instant since;
        private @Nullable Instant until;
        private @Nullable String provider;
        private @Nullable ModelId model;
        private @Nullable Operation operation;
        private Outcome.@Nullable Status status;
        private final Map<String, String> tags = new LinkedHashMap<>();
        private boolean newestFirst;
        private int limit = Integer.MAX_VALUE;

        private Builder() {}

        /** Begun at this time or later. */
        public Builder since(Instant time) {
            since = time;
            return this;
        }

        /** Begun before this time. */
        public Builder until(Instant time) {
            until = time;
            return this;
        }

        /** Asked of this provider. */
        public Builder provider(String name) {
            provider = name;
            return this;
        }

        /** Asked of this model. */
        public Builder model(ModelId id) {
            model = id;
            return this;
        }

        /** Of this kind. */
        public Builder operation(Operation kind) {
            operation = kind;
            return this;
        }

        /** Ended like this. */
        public Builder status(Outcome.Status end) {
            status = end;
            return this;
        }

        /** Having this tag with this value, besides those given before. */
        public Builder tag(String name, String value) {
            tags.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Those that began last come first; default: oldest first. For entries only: totals have an order of their own. */
        public Builder newestFirst() {
            newestFirst = true;
            return this;
        }

        /** At most so many entries, the first ones in the order that is asked for; default: no limit. */
        public Builder limit(int entries) {
            limit = entries;
            return this;
        }

        /**
         * The query.
         *
         * @throws IllegalArgumentException if the limit is less than 1
         */
        public LedgerQuery build() {
            return new LedgerQuery(since, until, provider, model, operation, status, tags, newestFirst, limit);
        }
    }
}
