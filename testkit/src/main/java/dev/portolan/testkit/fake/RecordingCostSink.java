package dev.portolan.testkit.fake;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sink that remembers what it was told, in order. Thread-safe. */
public final class RecordingCostSink implements CostSink {
    private final List<CostEvent> events = new ArrayList<>();

    /** A sink that was told nothing. */
    public RecordingCostSink() {}

    @Override
    public synchronized void record(CostEvent event) {
        events.add(event);
    }

    /** Forgets what it was told. */
    public synchronized void reset() {
        events.clear();
    }

    /** The calls that have ended, in the order in which they were told. */
    public synchronized List<CostEvent> events() {
        return List.copyOf(events);
    }

    /** Those with this tag. */
    public List<CostEvent> events(String tag, String value) {
        return events().stream()
                .filter(event -> value.equals(event.tags().get(tag)))
                .toList();
    }

    /** What all calls cost together; unknown if that of any is, or if their currencies differ. */
    public Cost total() {
        return sum(events());
    }

    /** What the calls with this tag cost together; unknown if that of any is. */
    public Cost total(String tag, String value) {
        return sum(events(tag, value));
    }

    /** What calls cost by the value of a tag, in the order in which the values came; calls without it are left out. */
    public Map<String, Cost> totalsBy(String tag) {
        Map<String, Cost> totals = new LinkedHashMap<>();
        for (CostEvent event : events()) {
            String value = event.tags().get(tag);
            if (value != null) {
                totals.merge(value, event.cost(), Cost::plus);
            }
        }
        return totals;
    }

    private static Cost sum(List<CostEvent> events) {
        return events.stream().map(CostEvent::cost).reduce(Cost.NONE, Cost::plus);
    }
}
