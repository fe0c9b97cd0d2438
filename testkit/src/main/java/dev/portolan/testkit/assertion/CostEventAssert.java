package dev.portolan.testkit.assertion;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.PortolanException;

/** Assertions about a call that has ended. */
public final class CostEventAssert extends AbstractPortolanAssert<CostEventAssert, CostEvent> {
    private final Series<CostEvent> series;

    CostEventAssert(CostEvent actual, Series<CostEvent> series) {
        super(actual, CostEventAssert.class);
        this.series = series;
    }

    @Override
    String subject() {
        return series.place();
    }

    /** Goes on with the next call that the sink was told of. */
    public CostEventAssert event() {
        Series<CostEvent> next = series.next();
        holds(next.isInside(), "to be followed by another event", "it was the last; recorded:" + series.listed());
        return new CostEventAssert(next.here(), next);
    }

    /** Verifies that this was the last call that the sink was told of. */
    public CostEventAssert hasNoFurtherEvents() {
        return holds(
                series.left() == 0,
                "to be the last event",
                "there " + (series.left() == 1 ? "is 1 more" : "are " + series.left() + " more") + ":"
                        + series.listed());
    }

    /** Verifies that the whole reply was there. */
    public CostEventAssert isCompleted() {
        return hasStatus(CostEvent.Outcome.Status.COMPLETED);
    }

    /** Verifies that the call failed. */
    public CostEventAssert isFailed() {
        return hasStatus(CostEvent.Outcome.Status.FAILED);
    }

    /** Verifies that the call failed with an exception of this class. */
    public CostEventAssert isFailedWith(Class<? extends PortolanException> type) {
        isFailed();
        return same("the error", actual.outcome().error(), type.getSimpleName());
    }

    /** Verifies that the caller ended the call. */
    public CostEventAssert isCancelled() {
        return hasStatus(CostEvent.Outcome.Status.CANCELLED);
    }

    private CostEventAssert hasStatus(CostEvent.Outcome.Status status) {
        isNotNull();
        String error = actual.outcome().error();
        return holds(
                actual.outcome().status() == status,
                "to be " + status,
                "it was " + actual.outcome().status() + (error == null ? "" : " with " + error));
    }

    /** Verifies the model that was asked, written as {@code <provider>/<model>}. */
    public CostEventAssert hasModel(String model) {
        isNotNull();
        return same("the model", actual.model().toString(), model);
    }

    /** Verifies the kind of call. */
    public CostEventAssert hasOperation(CostEvent.Operation operation) {
        isNotNull();
        return same("the operation", actual.operation(), operation);
    }

    /** Verifies on whose account the call was. */
    public CostEventAssert hasTag(String name, String value) {
        isNotNull();
        return holds(
                value.equals(actual.tags().get(name)),
                "to have the tag " + name + " = " + value,
                "its tags were " + actual.tags());
    }

    /** Verifies the cost in US dollars, such as {@code 0.0001}; zeros at the end do not matter. */
    public CostEventAssert hasCost(String dollars) {
        isNotNull();
        return holds(Amounts.isDollars(actual.cost(), dollars), "to have cost $" + dollars, "it cost " + actual.cost());
    }

    /** Verifies that nobody knows what the call cost. */
    public CostEventAssert hasUnknownCost() {
        isNotNull();
        return holds(!actual.cost().isKnown(), "to have an unknown cost", "it cost " + actual.cost());
    }

    /** Verifies the tokens going in and coming out. */
    public CostEventAssert hasUsage(long promptTokens, long completionTokens) {
        isNotNull();
        return same(
                "the usage",
                Amounts.tokens(actual.usage().promptTokens(), actual.usage().completionTokens()),
                Amounts.tokens(promptTokens, completionTokens));
    }

    /** Verifies how many attempts it took. */
    public CostEventAssert hasAttempts(int count) {
        isNotNull();
        return same("so many attempts", actual.outcome().attempts(), count);
    }

    /** Verifies the provider's names of what was made. */
    public CostEventAssert hasGenerationIds(String... ids) {
        isNotNull();
        return same("the generation ids", actual.answeredBy().generationIds(), java.util.List.of(ids));
    }
}
