package dev.portolan.testkit.assertion;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.testkit.fake.RecordingCostSink;

/** Assertions about what a {@link RecordingCostSink} was told. */
public final class RecordingCostSinkAssert extends AbstractPortolanAssert<RecordingCostSinkAssert, RecordingCostSink> {
    RecordingCostSinkAssert(RecordingCostSink actual) {
        super(actual, RecordingCostSinkAssert.class);
    }

    @Override
    String subject() {
        return "the sink";
    }

    private Series<CostEvent> events() {
        isNotNull();
        return new Series<>("event", actual.events(), -1);
    }

    /** Verifies that it was told of so many calls. */
    public RecordingCostSinkAssert recorded(int count) {
        Series<CostEvent> events = events();
        return holds(
                events.all().size() == count,
                "to have recorded " + Series.count(count, "event"),
                events.all().isEmpty()
                        ? "it recorded none"
                        : "it recorded " + events.all().size() + ":" + events.listed());
    }

    /** Goes on with the first call; further ones follow with the same method. */
    public CostEventAssert event() {
        return event(0);
    }

    /** Goes on with the call at this place, from 0. */
    public CostEventAssert event(int index) {
        Series<CostEvent> events = events().moved(index);
        holds(
                events.isInside(),
                "to have recorded an event number " + (index + 1),
                "it recorded " + (events.all().isEmpty() ? "none" : events.all().size() + ":" + events.listed()));
        return new CostEventAssert(events.here(), events);
    }

    /** Verifies what all calls cost together, in US dollars. */
    public RecordingCostSinkAssert hasTotalCost(String dollars) {
        isNotNull();
        return holds(
                Amounts.isDollars(actual.total(), dollars),
                "to have a total cost of $" + dollars,
                "it was " + actual.total() + ":" + events().listed());
    }

    /** Verifies what the calls with this tag cost together, in US dollars. */
    public RecordingCostSinkAssert hasTotalCost(String tag, String value, String dollars) {
        isNotNull();
        return holds(
                Amounts.isDollars(actual.total(tag, value), dollars),
                "to have a total cost of $" + dollars + " for " + tag + " = " + value,
                "it was " + actual.total(tag, value) + ":" + events().listed());
    }
}
