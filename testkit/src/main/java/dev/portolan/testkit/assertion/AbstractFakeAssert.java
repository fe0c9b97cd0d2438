package dev.portolan.testkit.assertion;

import dev.portolan.api.Request;
import dev.portolan.testkit.fake.FakeCall;
import dev.portolan.testkit.fake.ScriptedFake;
import java.util.List;

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
        extends AbstractReceiverAssert<S, F, FakeCall<Q>, R> {
    AbstractFakeAssert(F actual, Class<?> self) {
        super(actual, self);
    }

    @Override
    final String subject() {
        return actual.getClass().getSimpleName();
    }

    @Override
    final List<FakeCall<Q>> all() {
        return actual.calls();
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
                        + requests().listed());
    }
}
