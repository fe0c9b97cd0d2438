package dev.portolan.testkit.assertion;

import dev.portolan.api.Reply;
import dev.portolan.api.Warning;
import dev.portolan.api.cost.Cost;

/**
 * Assertions that suit the replies of all ports.
 *
 * @param <S> the assertion itself
 * @param <R> the reply
 */
public abstract class AbstractReplyAssert<S extends AbstractReplyAssert<S, R>, R extends Reply>
        extends AbstractPortolanAssert<S, R> {
    AbstractReplyAssert(R actual, Class<?> self) {
        super(actual, self);
    }

    @Override
    final String subject() {
        return "the reply";
    }

    /** Verifies the model that answered, as the provider names it. */
    public final S hasModel(String model) {
        isNotNull();
        return same("the model", actual.model(), model);
    }

    /** Verifies the cost in US dollars, such as {@code 0.0001}; zeros at the end do not matter. */
    public final S hasCost(String dollars) {
        isNotNull();
        return holds(Amounts.isDollars(actual.cost(), dollars), "to have cost $" + dollars, "it cost " + actual.cost());
    }

    /** Verifies the cost, to the digit. */
    public final S hasCost(Cost cost) {
        isNotNull();
        return same("the cost", actual.cost(), cost);
    }

    /** Verifies the tokens going in and coming out. */
    public final S hasUsage(long promptTokens, long completionTokens) {
        isNotNull();
        return same(
                "the usage",
                Amounts.tokens(actual.usage().promptTokens(), actual.usage().completionTokens()),
                Amounts.tokens(promptTokens, completionTokens));
    }

    /** Verifies how many attempts it took. */
    public final S hasAttempts(int count) {
        isNotNull();
        return holds(
                actual.attempts().size() == count,
                "to have taken " + Series.count(count, "attempt"),
                "it took " + actual.attempts().size() + ": " + actual.attempts());
    }

    /** Verifies that everything was honoured as asked. */
    public final S hasNoWarnings() {
        isNotNull();
        return holds(actual.warnings().isEmpty(), "to have no warnings", "it had " + actual.warnings());
    }

    /** Verifies that there is a warning about this setting. */
    public final S hasWarning(String subject) {
        isNotNull();
        return holds(
                actual.warnings().stream().map(Warning::subject).anyMatch(subject::equals),
                "to have a warning about " + subject,
                "its warnings were " + actual.warnings());
    }
}
