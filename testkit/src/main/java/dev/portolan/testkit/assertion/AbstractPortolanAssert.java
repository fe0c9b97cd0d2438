package dev.portolan.testkit.assertion;

import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * What all assertions of this package have in common: the form of their messages.
 *
 * @param <S> the assertion itself
 * @param <T> what it is about
 */
@SuppressWarnings("exports") // whoever uses this requires the library of its own accord
public abstract class AbstractPortolanAssert<S extends AbstractPortolanAssert<S, T>, T> extends AbstractAssert<S, T> {
    AbstractPortolanAssert(T actual, Class<?> self) {
        super(actual, self);
    }

    /** What the assertion is about, for messages: {@code request 2 of 3}. */
    abstract String subject();

    /** Passes if both are equal. */
    final S same(String property, @Nullable Object found, @Nullable Object expected) {
        isNotNull();
        if (!Objects.equals(found, expected)) {
            failWithActualExpectedAndMessage(
                    found,
                    expected,
                    "%nExpecting %s to have %s:%n  %s%nbut had:%n  %s",
                    subject(),
                    property,
                    Shown.of(expected),
                    Shown.of(found));
        }
        return myself;
    }

    /** Passes if the condition holds. */
    final S holds(boolean condition, String expectation, String found) {
        isNotNull();
        if (!condition) {
            failWithMessage("%nExpecting %s %s%nbut %s", subject(), expectation, found);
        }
        return myself;
    }
}
