package dev.portolan.cost.report;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How quick a model was in calls that were completed.
 *
 * @param model with its provider
 * @param calls how many calls this is of
 * @param latency how long they took from beginning to end
 * @param firstToken how long until the first piece of content; {@code null} if no call was streamed
 */
public record Speed(
        String model,
        int calls,
        Percentiles latency,
        @Nullable Percentiles firstToken) {
    /** Checks that nothing is missing. */
    public Speed {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(latency, "latency");
    }

    /**
     * Below which times so many calls stayed: each is the time of one of the calls.
     *
     * @param half of half the calls
     * @param most of 95 in 100
     */
    public record Percentiles(Duration half, Duration most) {
        /** Checks that nothing is missing. */
        public Percentiles {
            Objects.requireNonNull(half, "half");
            Objects.requireNonNull(most, "most");
        }

        private static @Nullable Percentiles of(List<Duration> times) {
            if (times.isEmpty()) {
                return null;
            }
            List<Duration> sorted = times.stream().sorted().toList();
            return new Percentiles(at(sorted, 50), at(sorted, 95));
        }

        private static Duration at(List<Duration> sorted, int percent) {
            int rank = (sorted.size() * percent + 99) / 100;
            return sorted.get(rank - 1);
        }
    }

    /** By model, in the order of their names. */
    static List<Speed> of(List<CostEvent> entries) {
        Map<String, Times> models = new TreeMap<>();
        for (CostEvent entry : entries) {
            if (entry.outcome().status() == Outcome.Status.COMPLETED) {
                Times times = models.computeIfAbsent(entry.model().toString(), model -> new Times());
                times.latencies.add(entry.timing().latency());
                if (entry.timing().firstToken() != null) {
                    times.firstTokens.add(entry.timing().firstToken());
                }
            }
        }
        List<Speed> speeds = new ArrayList<>();
        models.forEach((model, times) -> {
            Percentiles latency = Percentiles.of(times.latencies);
            if (latency != null) {
                speeds.add(new Speed(model, times.latencies.size(), latency, Percentiles.of(times.firstTokens)));
            }
        });
        return List.copyOf(speeds);
    }

    private static final class Times {
        final List<Duration> latencies = new ArrayList<>();
        final List<Duration> firstTokens = new ArrayList<>();
    }
}
