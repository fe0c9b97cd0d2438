package dev.portolan.testkit.fake;

import dev.portolan.api.Request;
import java.util.function.Function;

/**
 * The requests of some kind that a fake has replies of their own for. Thread-safe.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 * @param <S> the fake
 */
public class FakeRule<Q extends Request, A, S extends ScriptedFake<Q, A, S>> {
    private final S fake;
    private final Script<Q> script;

    FakeRule(S fake, Script<Q> script) {
        this.fake = fake;
        this.script = script;
    }

    /** Adds replies, each for one such request, in order; what comes after them is not for this rule. */
    @SafeVarargs
    public final S next(A... replies) {
        synchronized (fake) {
            for (A reply : replies) {
                script.add(reply);
            }
        }
        return fake;
    }

    /** Adds the same reply for so many such requests. */
    public final S next(int times, A reply) {
        synchronized (fake) {
            for (int i = 0; i < times; i++) {
                script.add(reply);
            }
        }
        return fake;
    }

    /** Adds a reply that is made from the next such request, on the thread that asks. */
    public final S next(Function<? super Q, ? extends A> reply) {
        synchronized (fake) {
            script.add(reply);
        }
        return fake;
    }

    /** Sets the reply to all such requests. */
    public final S always(A reply) {
        synchronized (fake) {
            script.always(reply);
        }
        return fake;
    }

    /** Sets what makes the reply to all such requests, on the thread that asks. */
    public final S always(Function<? super Q, ? extends A> reply) {
        synchronized (fake) {
            script.always(reply);
        }
        return fake;
    }
}
