package dev.portolan.testkit.assertion;

import java.util.List;

/**
 * Assertions about what somebody was asked.
 *
 * @param <S> the assertion itself
 * @param <T> who was asked
 * @param <C> a request as it was received
 * @param <R> assertions about that
 */
public abstract class AbstractReceiverAssert<S extends AbstractReceiverAssert<S, T, C, R>, T, C, R>
        extends AbstractPortolanAssert<S, T> {
    AbstractReceiverAssert(T actual, Class<?> self) {
        super(actual, self);
    }

    /** All that was received, in order. */
    abstract List<C> all();

    abstract R about(Series<C> requests);

    final Series<C> requests() {
        isNotNull();
        return new Series<>("request", all(), -1);
    }

    /** Verifies that so many requests came. */
    public final S received(int count) {
        Series<C> requests = requests();
        return holds(
                requests.all().size() == count,
                "to have received " + Series.count(count, "request"),
                requests.all().isEmpty()
                        ? "it received none"
                        : "it received " + requests.all().size() + ":" + requests.listed());
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
        Series<C> requests = requests().moved(index);
        holds(
                requests.isInside(),
                "to have received a request number " + (index + 1),
                "it received "
                        + (requests.all().isEmpty() ? "none" : requests.all().size() + ":" + requests.listed()));
        return about(requests);
    }

    /** Goes on with the last request. */
    public final R lastRequest() {
        return request(Math.max(0, requests().all().size() - 1));
    }
}
