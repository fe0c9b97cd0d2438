package dev.portolan.testkit.assertion;

import dev.portolan.api.embedding.EmbeddingRequest;
import java.util.List;

/** Assertions about an {@link EmbeddingRequest}. */
public final class EmbeddingRequestAssert extends AbstractRequestAssert<EmbeddingRequestAssert, EmbeddingRequest> {
    EmbeddingRequestAssert(EmbeddingRequest actual, Series<?> series) {
        super(actual, series, EmbeddingRequestAssert.class);
    }

    @Override
    EmbeddingRequestAssert at(Series<?> place, EmbeddingRequest request) {
        return new EmbeddingRequestAssert(request, place);
    }

    /** Verifies the texts, in order. */
    public EmbeddingRequestAssert hasTexts(String... texts) {
        isNotNull();
        return same("the texts", Shown.texts(actual), List.of(texts));
    }

    /** Verifies how many inputs there are. */
    public EmbeddingRequestAssert hasInputCount(int count) {
        isNotNull();
        return same("so many inputs", actual.inputs().size(), count);
    }

    /** Verifies the length of vectors that was asked for. */
    public EmbeddingRequestAssert hasDimensions(int dimensions) {
        isNotNull();
        return same("the dimensions", actual.dimensions(), dimensions);
    }

    /** Verifies what the vectors are for. */
    public EmbeddingRequestAssert hasInputType(String type) {
        isNotNull();
        return same("the input type", actual.inputType(), type);
    }
}
