package dev.portolan.testkit.fake;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.Warning;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FakeEmbeddings} answer. Immutable: each method gives another answer. What is not set is made up: an id such as
 * {@code fake-embedding-1}, the model that was asked, usage by the count of words, a cost of 0.
 */
public final class FakeVectors {
    private static final FakeVectors OF_CONTENT = new FakeVectors(null, Duration.ZERO, false, -1, null, Terms.DEFAULT);

    private final @Nullable List<float[]> vectors;
    private final Duration delay;
    private final boolean hangs;
    private final int vectorsBeforeFailure;
    private final @Nullable Fail failure;
    private final Terms terms;

    private FakeVectors(
            @Nullable List<float[]> vectors,
            Duration delay,
            boolean hangs,
            int vectorsBeforeFailure,
            @Nullable Fail failure,
            Terms terms) {
        this.vectors = vectors;
        this.delay = delay;
        this.hangs = hangs;
        this.vectorsBeforeFailure = vectorsBeforeFailure;
        this.failure = failure;
        this.terms = terms;
    }

    /**
     * Vectors made from what is embedded: the same for the same content, close for texts that share words, far apart for
     * texts that share none. Of unit length.
     */
    public static FakeVectors ofContent() {
        return OF_CONTENT;
    }

    /** These vectors, one for each input. */
    public static FakeVectors of(float[]... vectors) {
        return new FakeVectors(List.of(vectors), Duration.ZERO, false, -1, null, Terms.DEFAULT);
    }

    /** A failure. The very same exception each time; see the others for one of its own for each call. */
    public static FakeVectors failing(PortolanException failure) {
        return OF_CONTENT.failing(-1, Fail.with(failure));
    }

    /**
     * A failure.
     *
     * @param failure gets the details of the call, with its model
     */
    public static FakeVectors failing(Function<? super ErrorDetails, ? extends PortolanException> failure) {
        return OF_CONTENT.failing(-1, Fail.with(failure));
    }

    /** A failure of this class: {@code failing(RateLimitedException::new)}. */
    public static FakeVectors failing(
            BiFunction<? super String, ? super ErrorDetails, ? extends PortolanException> failure) {
        return OF_CONTENT.failing(-1, Fail.with(failure));
    }

    /** No answer at all, as with {@link FakeReply#hanging}. */
    public static FakeVectors hanging() {
        return new FakeVectors(null, Duration.ZERO, true, -1, null, Terms.DEFAULT);
    }

    /** The same after a pause: the {@linkplain FakeClock clock} is moved, nobody waits. */
    public FakeVectors after(Duration time) {
        return new FakeVectors(vectors, time, hangs, vectorsBeforeFailure, failure, terms);
    }

    /**
     * The same with a failure after so many vectors, as when one of several batches fails: they are its partial result.
     *
     * @param failure gets the details of the call, with what had arrived
     */
    public FakeVectors failingAfter(int vectors, Function<? super ErrorDetails, ? extends PortolanException> failure) {
        return failing(vectors, Fail.with(failure));
    }

    /** The same with a failure of this class after so many vectors. */
    public FakeVectors failingAfter(
            int vectors, BiFunction<? super String, ? super ErrorDetails, ? extends PortolanException> failure) {
        return failing(vectors, Fail.with(failure));
    }

    private FakeVectors failing(int after, Fail newFailure) {
        return new FakeVectors(vectors, delay, hangs, after, newFailure, terms);
    }

    /** The same under this id. */
    public FakeVectors withId(String id) {
        return with(terms.withId(id));
    }

    /** The same by another model than was asked. */
    public FakeVectors withModel(String model) {
        return with(terms.withModel(model, terms.upstream()));
    }

    /** The same by a model that somebody else runs. */
    public FakeVectors withModel(String model, String upstream) {
        return with(terms.withModel(model, upstream));
    }

    /** The same with so many tokens. */
    public FakeVectors withUsage(long promptTokens) {
        return withUsage(Usage.of(promptTokens, 0));
    }

    /** The same with this usage; {@link Usage#NOT_REPORTED} for a provider that does not tell. */
    public FakeVectors withUsage(Usage usage) {
        return with(terms.withUsage(usage));
    }

    /** The same at this price in US dollars, such as {@code 0.0001}. */
    public FakeVectors withCost(String dollars) {
        return withCost(Terms.dollars(dollars));
    }

    /** The same at this cost; {@link Cost#UNKNOWN} for a provider that does not tell. */
    public FakeVectors withCost(Cost cost) {
        return with(terms.withCost(cost));
    }

    /** The same with one more warning. */
    public FakeVectors withWarning(String subject, String message) {
        return with(terms.withWarning(new Warning(subject, message)));
    }

    /** The same with what only one provider tells. */
    public FakeVectors withMetadata(ProviderMetadata... metadata) {
        return with(terms.withMetadata(metadata));
    }

    private FakeVectors with(Terms newTerms) {
        return new FakeVectors(vectors, delay, hangs, vectorsBeforeFailure, failure, newTerms);
    }

    /** The vectors in place of those of the content; null for these. */
    @Nullable List<float[]> vectors() {
        return vectors;
    }

    Duration delay() {
        return delay;
    }

    boolean hangs() {
        return hangs;
    }

    /** Below 0 for a failure without any. */
    int vectorsBeforeFailure() {
        return vectorsBeforeFailure;
    }

    @Nullable Fail failure() {
        return failure;
    }

    Terms terms() {
        return terms;
    }

    /** For people: what comes. */
    @Override
    public String toString() {
        return failure != null
                ? "a failure"
                : hangs ? "a hang" : vectors == null ? "vectors of the content" : vectors.size() + " vectors";
    }
}
