package dev.portolan.testkit.assertion;

import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Request;
import dev.portolan.testkit.fake.FakeCall;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assertions that suit the requests of all ports.
 *
 * @param <S> the assertion itself
 * @param <Q> the request
 */
public abstract class AbstractRequestAssert<S extends AbstractRequestAssert<S, Q>, Q extends Request>
        extends AbstractPortolanAssert<S, Q> {
    private final Series<?> series;

    AbstractRequestAssert(Q actual, Series<?> series, Class<?> self) {
        super(actual, self);
        this.series = series;
    }

    abstract S at(Series<?> place, Q request);

    @Override
    final String subject() {
        return series.place();
    }

    /** Goes on with the next request that the fake received. */
    @SuppressWarnings("unchecked") // a series has requests of one kind
    public final S request() {
        Series<?> next = series.next();
        holds(next.isInside(), "to be followed by another request", "it was the last; received:" + series.listed());
        return at(next, (Q) ((FakeCall<?>) next.here()).request());
    }

    /** Verifies that this was the last request that the fake received. */
    public final S hasNoFurtherRequests() {
        return holds(
                series.left() == 0,
                "to be the last request",
                "there " + (series.left() == 1 ? "is 1 more" : "are " + series.left() + " more") + ":"
                        + series.listed());
    }

    /** Verifies that the answer was asked for as a stream; only for requests that a fake has received. */
    public final S wasStreamed() {
        return holds(isStreamed(), "to have been streamed", "it was a blocking call");
    }

    /** Verifies that the answer was asked for in one piece; only for requests that a fake has received. */
    public final S wasNotStreamed() {
        return holds(!isStreamed(), "to have been a blocking call", "it was streamed");
    }

    private boolean isStreamed() {
        isNotNull();
        if (series.here() instanceof FakeCall<?> call) {
            return call.streamed();
        }
        throw new IllegalStateException(
                "A request alone does not know whether it was streamed; begin with assertThat(fake).request()");
    }

    /** Verifies the model, written as {@code <provider>/<model>}. */
    public final S hasModel(String model) {
        isNotNull();
        return same("the model", actual.model().toString(), model);
    }

    /** Verifies that the call is on this account. */
    public final S hasTag(String name, String value) {
        isNotNull();
        String found = actual.call().tags().get(name);
        return holds(
                value.equals(found),
                "to have the tag " + name + " = " + value,
                "its tags were " + actual.call().tags());
    }

    /** Verifies that the call has no tag of this name. */
    public final S hasNoTag(String name) {
        isNotNull();
        return holds(
                !actual.call().tags().containsKey(name),
                "to have no tag " + name,
                "its tags were " + actual.call().tags());
    }

    /** Verifies that these settings of a provider came with it. */
    public final S hasOptions(ProviderOptions options) {
        isNotNull();
        return holds(
                actual.options().contains(options),
                "to have the options " + options,
                "its options were " + actual.options());
    }

    /** Verifies that it came with settings of this class. */
    public final S hasOptions(Class<? extends ProviderOptions> type) {
        isNotNull();
        return holds(
                actual.options(type).isPresent(),
                "to have options of the class " + type.getSimpleName(),
                "its options were " + actual.options());
    }

    /**
     * Verifies a member that has no field.
     *
     * @param value anything that {@link RawJson#of} takes
     */
    public final S hasExtra(String name, @Nullable Object value) {
        isNotNull();
        return holds(
                Objects.equals(actual.extras().get(name), RawJson.of(value)),
                "to have the extra " + name + " = " + RawJson.of(value),
                "its extras were " + actual.extras());
    }

    /** Verifies the time limit of the whole call. */
    public final S hasTimeout(Duration limit) {
        isNotNull();
        return same("the time limit", actual.call().timeout(), limit);
    }
}
