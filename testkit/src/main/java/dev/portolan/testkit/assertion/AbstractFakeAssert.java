package dev.portolan.testkit.assertion;

import dev.portolan.api.Request;
import dev.portolan.testkit.fake.FakeCall;
import dev.portolan.testkit.fake.ScriptedFake;

/**
 * Assertions about what a fake was asked.
 *
 * @param <S> the assertion itself
 * @param <F> the fake
 * @param <Q> its requests
 * @param <R> assertions about these
 */
public abstract class AbstractFakeAssert<
                S extends AbstractFakeAssert<S, F, Q, R>, F extends ScriptedFake<Q, ?, F>, Q extends Request, R>
        extends AbstractPortolanAssert<S, F> {
    AbstractFakeAssert(F actual, Class<?> self) {
        super(actual, self);
    }

    abstract R about(Series<FakeCall<Q>> calls);

    @Override
    final String subject() {
        return actual.getClass().getSimpleName();
    }

    private Series<FakeCall<Q>> calls() {
        isNotNull();
        return new Series<>("request", actual.calls(), -1);
    }

    /** Verifies that so many requests came. */
    public final S received(int count) {
        Series<FakeCall<Q>> calls = calls();
        return holds(
                calls.all().size() == count,
                "to have received " + Series.count(count, "request"),
                calls.all().isEmpty()
                        ? "it received none"
                        : "it received " + calls.all().size() + ":" + calls.listed());
    }

    /** Verifies that nothing was asked. */
    public final S receivedNothing() {
        return received(0);
    }

    /** Goes on with the first request; further ones follow with the same method. */
    public final R request() {
        return request(0);
    }

    /** Goes on with the request at this place, from 0. */
    public final R request(int index) {
        Series<FakeCall<Q>> calls = calls().moved(index);
        holds(
                calls.isInside(),
                "to have received a request number " + (index + 1),
                "it received " + (calls.all().isEmpty() ? "none" : calls.all().size() + ":" + calls.listed()));
        return about(calls);
    }

    /** Goes on with the last request. */
    public final R lastRequest() {
        return request(Math.max(0, calls().all().size() - 1));
    }

    /** Verifies that nothing of the script is left, and nothing else was asked; see {@link ScriptedFake#verifyAllUsed}. */
    public final S usedAllReplies() {
        isNotNull();
        actual.verifyAllUsed();
        return myself;
    }

    /** Verifies that each stream was read to its end or closed. */
    public final S hasNoOpenStreams() {
        isNotNull();
        return holds(
                actual.openStreams() == 0,
                "to have no open streams",
                "it has " + Series.count(actual.openStreams(), "stream")
                        + " that nobody has read to the end or closed; requests so far:"
                        + calls().listed());
    }
}
