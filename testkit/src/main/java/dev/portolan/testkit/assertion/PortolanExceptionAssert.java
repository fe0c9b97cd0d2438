package dev.portolan.testkit.assertion;

import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;

/** Assertions about a failed call, beside those about any exception. */
@SuppressWarnings("exports") // whoever uses this requires the library of its own accord
public final class PortolanExceptionAssert extends AbstractThrowableAssert<PortolanExceptionAssert, PortolanException> {
    PortolanExceptionAssert(PortolanException actual) {
        super(actual, PortolanExceptionAssert.class);
    }

    /** Verifies that the same call can succeed later. */
    public PortolanExceptionAssert isRetryable() {
        isNotNull();
        return holds(actual.retryable(), "to be retryable", "it is not: " + actual);
    }

    /** Verifies that the same call cannot succeed later, or must not be made again. */
    public PortolanExceptionAssert isNotRetryable() {
        isNotNull();
        return holds(!actual.retryable(), "not to be retryable", "it is: " + actual);
    }

    /** Verifies how long the provider asks to wait. */
    public PortolanExceptionAssert hasRetryAfter(Duration wait) {
        isNotNull();
        return holds(
                actual.retryAfter().filter(wait::equals).isPresent(),
                "to ask for a wait of " + wait,
                actual.retryAfter().map(found -> "it asks for " + found).orElse("it asks for none"));
    }

    /** Verifies the model that was asked, written as {@code <provider>/<model>}. */
    public PortolanExceptionAssert hasModel(String model) {
        isNotNull();
        String found = Objects.toString(actual.details().model(), "not known");
        return holds(found.equals(model), "to be of a call to " + model, "it was " + found);
    }

    /** Verifies the text that had arrived. */
    public PortolanExceptionAssert hasPartialText(String text) {
        isNotNull();
        return holds(
                actual.partial().map(ChatResponse::text).filter(text::equals).isPresent(),
                "to have the partial text:\n  " + Shown.of(text),
                actual.partial()
                        .map(partial -> "it was:\n  " + Shown.of(partial.text()))
                        .orElse("nothing had arrived"));
    }

    /** Verifies how many attempts were made. */
    public PortolanExceptionAssert hasAttempts(int count) {
        isNotNull();
        return holds(
                actual.attempts().size() == count,
                "to come after " + Series.count(count, "attempt"),
                "it came after " + actual.attempts().size());
    }

    private PortolanExceptionAssert holds(boolean condition, String expectation, String found) {
        if (!condition) {
            failWithMessage("%nExpecting the failure %s%nbut %s", expectation, found);
        }
        return myself;
    }
}
