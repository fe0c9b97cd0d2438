package dev.portolan.testkit.assertion;

import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.testkit.fake.FakeCall;
import dev.portolan.testkit.fake.FakeEmbeddings;

/** Assertions about what a {@link FakeEmbeddings} was asked. */
public final class FakeEmbeddingsAssert
        extends AbstractFakeAssert<FakeEmbeddingsAssert, FakeEmbeddings, EmbeddingRequest, EmbeddingRequestAssert> {
    FakeEmbeddingsAssert(FakeEmbeddings actual) {
        super(actual, FakeEmbeddingsAssert.class);
    }

    @Override
    EmbeddingRequestAssert about(Series<FakeCall<EmbeddingRequest>> calls) {
        return new EmbeddingRequestAssert(calls.here().request(), calls);
    }
}
