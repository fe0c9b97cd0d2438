package dev.portolan.testkit.assertion;

import dev.portolan.api.RawJson;
import dev.portolan.testkit.simulator.SimulatorRequest;
import org.jspecify.annotations.Nullable;

/** Assertions about a request as it came over the wire. */
public final class SimulatorRequestAssert extends AbstractPortolanAssert<SimulatorRequestAssert, SimulatorRequest> {
    private final Series<SimulatorRequest> series;

    SimulatorRequestAssert(SimulatorRequest actual, Series<SimulatorRequest> series) {
        super(actual, SimulatorRequestAssert.class);
        this.series = series;
    }

    @Override
    String subject() {
        return series.place();
    }

    /** Goes on with the next request that the simulator received. */
    public SimulatorRequestAssert request() {
        Series<SimulatorRequest> next = series.next();
        holds(next.isInside(), "to be followed by another request", "it was the last; received:" + series.listed());
        return new SimulatorRequestAssert(next.here(), next);
    }

    /** Verifies that this was the last request that the simulator received. */
    public SimulatorRequestAssert hasNoFurtherRequests() {
        return holds(
                series.left() == 0,
                "to be the last request",
                "there " + (series.left() == 1 ? "is 1 more" : "are " + series.left() + " more") + ":"
                        + series.listed());
    }

    /** Verifies the path below the base URL, without the query: {@code /chat/completions}. */
    public SimulatorRequestAssert hasPath(String path) {
        isNotNull();
        return same("the path", actual.apiPath(), path);
    }

    /** Verifies the model as it stands on the wire: {@code openai/gpt-4o-mini}. */
    public SimulatorRequestAssert hasModel(String model) {
        isNotNull();
        return same("the model", actual.model().orElse(null), model);
    }

    /** Verifies the first value of a header. The message of a failure shows the value that was sent. */
    public SimulatorRequestAssert hasHeader(String name, String value) {
        isNotNull();
        return same("the header " + name, actual.header(name).orElse(null), value);
    }

    /** Verifies that a header was not sent. */
    public SimulatorRequestAssert hasNoHeader(String name) {
        isNotNull();
        return same("no header " + name, actual.header(name).orElse(null), null);
    }

    /**
     * Verifies a member of the body; blanks, the order of members and zeros at the end of a number do not matter.
     *
     * @param value anything that {@link RawJson#of} takes
     */
    public SimulatorRequestAssert hasMember(String name, @Nullable Object value) {
        isNotNull();
        JsonValue expected = JsonValue.of(RawJson.of(value).text());
        JsonValue found = JsonValue.member(actual.body(), name);
        return holds(
                expected.equals(found),
                "to have the member " + name + " = " + RawJson.of(value),
                found == null ? "there is none in its body: " + Shown.of(actual.body()) : "it is " + found.value());
    }

    /** Verifies that the answer was asked for as a stream. */
    public SimulatorRequestAssert wasStreamed() {
        isNotNull();
        return holds(actual.streaming(), "to ask for a stream", "it asked for one piece");
    }

    /** Verifies that the answer was asked for in one piece. */
    public SimulatorRequestAssert wasNotStreamed() {
        isNotNull();
        return holds(!actual.streaming(), "to ask for one piece", "it asked for a stream");
    }
}
