package dev.portolan.cost.signal;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Meters of calls, for Micrometer: tokens, cost, latency, time to the first piece of content and errors, in the names of
 * OpenTelemetry's conventions for generative AI.
 *
 * <pre>{@code
 * Portolan.builder()
 *         .discover()
 *         .sink(CostMeters.builder(registry).tag("team").build())
 *         .build();
 * }</pre>
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code gen_ai.client.operation.duration}</td><td>timer</td><td>each call from its beginning to its end, waits and
 *     further attempts included; its count is the number of calls</td></tr>
 * <tr><td>{@code gen_ai.client.operation.time_to_first_chunk}</td><td>timer</td><td>to the first piece of content, of streams
 *     only</td></tr>
 * <tr><td>{@code gen_ai.client.token.usage}</td><td>summary</td><td>tokens of each call of which they are known, going in and
 *     coming out apart: {@code gen_ai.token.type} is {@code input} or {@code output}</td></tr>
 * <tr><td>{@code portolan.cost}</td><td>counter</td><td>money, by {@code portolan.cost.currency} and
 *     {@code portolan.cost.source}: {@code reported} or {@code estimated}</td></tr>
 * <tr><td>{@code portolan.cost.unknown}</td><td>counter</td><td>calls of which nobody knows the cost; they are not part of
 *     {@code portolan.cost}</td></tr>
 * </table>
 *
 * <p>All have the tags {@code gen_ai.operation.name} ({@code chat}, {@code embeddings}, {@code generate_content} for images),
 * {@code gen_ai.provider.name}, {@code gen_ai.request.model} and {@code gen_ai.response.model}. The duration also has
 * {@code portolan.outcome} ({@code completed}, {@code failed}, {@code cancelled}) and {@code error.type}, the simple name of the
 * exception's class if the call failed, so that errors are counted by it; a cancelled call is no error. Where there is nothing
 * to tell a tag is {@code none}. The unit of timers is that of the registry: seconds with Prometheus. Where the registry can
 * tell buckets, they are those that the conventions advise.
 *
 * <p><b>A meter is a {@code double}.</b> What {@code portolan.cost} shows is rounded, starts from zero with each process, and
 * never takes back what is settled later; an amount below zero is left out of it. It is for dashboards and alarms; the ledger is
 * the exact book.
 *
 * <p><b>Few series.</b> No meter has a call's id. The tags of calls become tags of meters only if they are
 * {@linkplain Builder#tag named}. Each tag takes at most {@value #DEFAULT_MAX_VALUES} values; what comes after these is counted
 * together as {@code _OTHER}.
 *
 * <p>Thread-safe. Meters are kept, so a call costs some additions; do not remove them from the registry.
 */
@SuppressWarnings("exports") // whoever uses this requires the library of its own accord
public final class CostMeters implements CostSink {
    /** How many values a tag takes unless said otherwise. */
    public static final int DEFAULT_MAX_VALUES = 100;

    static final String NONE = "none";
    private static final Set<String> RESERVED = Set.of(
            Convention.OPERATION,
            Convention.PROVIDER,
            Convention.REQUEST_MODEL,
            Convention.RESPONSE_MODEL,
            Convention.TOKEN_TYPE,
            Convention.ERROR_TYPE,
            Convention.OUTCOME,
            Convention.COST_CURRENCY,
            Convention.COST_SOURCE);

    private final MeterRegistry registry;
    private final List<NamedTag> named;
    private final FewValues providers;
    private final FewValues requestModels;
    private final FewValues responseModels;
    private final FewValues errors;
    private final ConcurrentMap<Key, CallMeters> meters = new ConcurrentHashMap<>();

    private CostMeters(Builder builder) {
        int limit = builder.maxValues;
        this.registry = builder.registry;
        this.named = builder.tags.stream()
                .map(name -> new NamedTag(name, new FewValues(limit)))
                .toList();
        this.providers = new FewValues(limit);
        this.requestModels = new FewValues(limit);
        this.responseModels = new FewValues(limit);
        this.errors = new FewValues(limit);
    }

    /** In this registry, without tags of calls. */
    public static CostMeters in(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** Begins meters in this registry. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(registry);
    }

    @Override
    public void record(CostEvent event) {
        boolean failed = event.outcome().status() == CostEvent.Outcome.Status.FAILED;
        of(event)
                .record(
                        event,
                        failed ? errors.of(Convention.error(event.outcome().error())) : NONE);
    }

    private CallMeters of(CostEvent event) {
        String answered = event.answeredBy().model();
        Key key = new Key(
                event.operation(),
                providers.of(event.model().provider()),
                requestModels.of(event.model().name()),
                answered.isEmpty() ? NONE : responseModels.of(answered),
                values(event));
        CallMeters known = meters.get(key);
        if (known != null) {
            return known;
        }
        // Made outside of the map's lock: the registry calls listeners. A second one would have the same meters.
        CallMeters made =
                new CallMeters(registry, key, named.stream().map(NamedTag::name).toList());
        CallMeters first = meters.putIfAbsent(key, made);
        return first == null ? made : first;
    }

    private List<String> values(CostEvent event) {
        if (named.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>(named.size());
        for (NamedTag tag : named) {
            String value = event.tags().get(tag.name());
            values.add(value == null || value.isEmpty() ? NONE : tag.few().of(value));
        }
        return values;
    }

    /** What distinguishes the meters of calls. */
    record Key(
            CostEvent.Operation operation,
            String provider,
            String requestModel,
            String responseModel,
            List<String> values) {}

    private record NamedTag(String name, FewValues few) {}

    /** Collects what meters need. Not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private final List<String> tags = new ArrayList<>();
        private int maxValues = DEFAULT_MAX_VALUES;

        private Builder(MeterRegistry registry) {
            this.registry = Objects.requireNonNull(registry, "registry");
        }

        /**
         * Makes a tag of calls a tag of all meters, under the same name. It should have few values: a team, not a user.
         *
         * @param name of a tag that calls have: see {@link dev.portolan.api.CallOptions#tags}
         * @throws IllegalArgumentException if it is blank, named already, or one that meters have anyway
         */
        public Builder tag(String name) {
            if (name.isBlank() || tags.contains(name) || RESERVED.contains(name)) {
                throw new IllegalArgumentException(
                        "Meters cannot have the tag '" + name
                                + "': a name that is not blank is needed, only once, and none of those that meters have anyway");
            }
            tags.add(name);
            return this;
        }

        /**
         * Sets how many values each tag takes before the others are counted together.
         *
         * @param limit at least 1; default: {@value CostMeters#DEFAULT_MAX_VALUES}
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder maxValues(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("maxValues must be at least 1, found " + limit);
            }
            maxValues = limit;
            return this;
        }

        /** The meters. They are registered as calls are told. */
        public CostMeters build() {
            return new CostMeters(this);
        }
    }
}
