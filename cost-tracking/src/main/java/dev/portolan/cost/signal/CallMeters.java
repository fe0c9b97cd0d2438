package dev.portolan.cost.signal;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the calls that have all tags in common but for how they ended. Each is registered when it is first needed, so
 * that a registry shows no first piece of content of calls that are never streamed. Thread-safe.
 */
final class CallMeters {
    /** As the conventions advise, in seconds. */
    private static final Duration[] LATENCIES = DoubleStream.of(
                    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
            .mapToObj(seconds -> Duration.ofMillis(Math.round(1000 * seconds)))
            .toArray(Duration[]::new);

    /** As the conventions advise. */
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
    };

    private final MeterRegistry registry;
    private final Tags tags;
    private final ConcurrentMap<End, Timer> durations = new ConcurrentHashMap<>();
    private final ConcurrentMap<Money, Counter> costs = new ConcurrentHashMap<>();
    // Whichever of two threads is first, both get the same meter from the registry.
    private volatile @Nullable Timer firstChunk;
    private volatile @Nullable DistributionSummary input;
    private volatile @Nullable DistributionSummary output;
    private volatile @Nullable Counter unknownCost;

    /** @param names of the tags whose values the key has */
    CallMeters(MeterRegistry registry, CostMeters.Key key, List<String> names) {
        this.registry = registry;
        Tags all = Tags.of(
                Convention.OPERATION, Convention.operation(key.operation()),
                Convention.PROVIDER, key.provider(),
                Convention.REQUEST_MODEL, key.requestModel(),
                Convention.RESPONSE_MODEL, key.responseModel());
        for (int i = 0; i < names.size(); i++) {
            all = all.and(names.get(i), key.values().get(i));
        }
        this.tags = all;
    }

    void record(CostEvent event, String error) {
        duration(new End(event.outcome().status(), error)).record(event.timing().latency());
        Duration first = event.timing().firstToken();
        if (first != null) {
            firstChunk().record(first);
        }
        Usage usage = event.usage();
        if (usage.isReported()) {
            input().record((double) usage.promptTokens());
            if (usage.completionTokens() > 0 || event.operation() != CostEvent.Operation.EMBEDDING) {
                output().record((double) usage.completionTokens());
            }
        }
        record(event.cost());
    }

    private void record(Cost cost) {
        BigDecimal amount = cost.amount();
        if (amount == null) {
            unknownCost().increment();
        } else if (amount.signum() >= 0) {
            cost(new Money(cost.currency(), cost.source())).increment(amount.doubleValue());
        }
    }

    private Timer duration(End end) {
        Timer known = durations.get(end);
        if (known == null) {
            known = timer(
                    "gen_ai.client.operation.duration",
                    "GenAI operation duration.",
                    tags.and(Convention.OUTCOME, Convention.outcome(end.status()), Convention.ERROR_TYPE, end.error()));
            durations.put(end, known);
        }
        return known;
    }

    private Timer firstChunk() {
        Timer known = firstChunk;
        if (known == null) {
            known = timer(
                    "gen_ai.client.operation.time_to_first_chunk",
                    "Time to the first piece of content of a stream.",
                    tags);
            firstChunk = known;
        }
        return known;
    }

    private Timer timer(String name, String description, Tags all) {
        return Timer.builder(name)
                .description(description)
                .tags(all)
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    private DistributionSummary input() {
        DistributionSummary known = input;
        if (known == null) {
            known = tokens("input");
            input = known;
        }
        return known;
    }

    private DistributionSummary output() {
        DistributionSummary known = output;
        if (known == null) {
            known = tokens("output");
            output = known;
        }
        return known;
    }

    /** Without a base unit, which Prometheus would add to the name that dashboards know. */
    private DistributionSummary tokens(String type) {
        return DistributionSummary.builder("gen_ai.client.token.usage")
                .description("Number of input and output tokens used.")
                .tags(tags.and(Convention.TOKEN_TYPE, type))
                .serviceLevelObjectives(TOKENS)
                .register(registry);
    }

    private Counter cost(Money money) {
        Counter known = costs.get(money);
        if (known == null) {
            known = Counter.builder(Convention.COST)
                    .description("What calls cost, rounded; the ledger is exact.")
                    .tags(tags.and(
                            Convention.COST_CURRENCY,
                            money.currency(),
                            Convention.COST_SOURCE,
                            Convention.source(money.source())))
                    .register(registry);
            costs.put(money, known);
        }
        return known;
    }

    private Counter unknownCost() {
        Counter known = unknownCost;
        if (known == null) {
            known = Counter.builder("portolan.cost.unknown")
                    .description("Calls of which nobody knows what they cost.")
                    .tags(tags)
                    .register(registry);
            unknownCost = known;
        }
        return known;
    }

    private record End(CostEvent.Outcome.Status status, String error) {}

    private record Money(String currency, Cost.Source source) {}
}
