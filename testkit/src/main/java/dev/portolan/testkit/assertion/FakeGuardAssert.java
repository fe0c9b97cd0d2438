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

    /** Verifies that it was told how every call ended that it let through. */
    public FakeGuardAssert hasNothingOpen() {
        isNotNull();
        List<FakeGuard.Asked> open = actual.open();
        return holds(
                open.isEmpty(),
                "to know how every call ended",
                "there is nothing of:" + new Series<>("call", open, 0).listed());
    }
}
