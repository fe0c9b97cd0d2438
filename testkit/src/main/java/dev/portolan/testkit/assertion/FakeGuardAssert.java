package dev.portolan.testkit.assertion;

import dev.portolan.testkit.fake.FakeGuard;
import java.util.List;

/** Assertions about what a {@link FakeGuard} was asked. */
public final class FakeGuardAssert extends AbstractPortolanAssert<FakeGuardAssert, FakeGuard> {
    FakeGuardAssert(FakeGuard actual) {
        super(actual, FakeGuardAssert.class);
    }

    @Override
    String subject() {
        return "the guard";
    }

    /** Verifies that it was asked about so many calls. */
    public FakeGuardAssert wasAsked(int times) {
        isNotNull();
        List<FakeGuard.Asked> asked = actual.asked();
        return holds(
                asked.size() == times,
                "to have been asked about " + Series.count(times, "call"),
                "it was asked about " + asked.size() + ":" + new Series<>("call", asked, 0).listed());
    }

    /** Verifies that it refused so many calls. */
    public FakeGuardAssert refused(int times) {
        isNotNull();
        List<FakeGuard.Asked> asked = actual.asked();
        long refused = asked.stream().filter(call -> call.refusal().isPresent()).count();
        return holds(
                refused == times,
                "to have refused " + Series.count(times, "call"),
                "it refused " + refused + " of:" + new Series<>("call", asked, 0).listed());
    }

    /** Verifies that it was told once how every call ended that it let through. */
    public FakeGuardAssert hasNothingOpen() {
        isNotNull();
        List<FakeGuard.Asked> open = actual.open();
        holds(
                open.isEmpty(),
                "to know how every call ended",
                "there is nothing of:" + new Series<>("call", open, 0).listed());
        List<FakeGuard.Asked> toldAgain =
                actual.asked().stream().filter(call -> call.timesSettled() > 1).toList();
        return holds(
                toldAgain.isEmpty(),
                "to have been told once how every call ended",
                "it was told more often of:" + new Series<>("call", toldAgain, 0).listed());
    }
}
