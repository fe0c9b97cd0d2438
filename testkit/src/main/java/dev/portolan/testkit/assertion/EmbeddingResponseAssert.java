package dev.portolan.testkit.assertion;

import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingResponse;
import java.util.List;

/** Assertions about an {@link EmbeddingResponse}. */
public final class EmbeddingResponseAssert extends AbstractReplyAssert<EmbeddingResponseAssert, EmbeddingResponse> {
    EmbeddingResponseAssert(EmbeddingResponse actual) {
        super(actual, EmbeddingResponseAssert.class);
    }

    /** Verifies how many vectors there are. */
    public EmbeddingResponseAssert hasVectorCount(int count) {
        isNotNull();
        return same("so many vectors", actual.embeddings().size(), count);
    }

    /** Verifies the length of all vectors. */
    public EmbeddingResponseAssert hasDimensions(int dimensions) {
        isNotNull();
        List<Integer> found = actual.embeddings().stream()
                .map(Embedding::dimensions)
                .distinct()
                .toList();
        return same("vectors of these dimensions", found, List.of(dimensions));
    }

    /** Verifies that the vector at one place is nearer to that at a second than to that at a third; places are from 0. */
    public EmbeddingResponseAssert isNearer(int place, int near, int far) {
        isNotNull();
        Embedding vector = actual.embeddings().get(place);
        double toNear = vector.cosineSimilarity(actual.embeddings().get(near));
        double toFar = vector.cosineSimilarity(actual.embeddings().get(far));
        return holds(
                toNear > toFar,
                "to have vector " + place + " nearer to " + near + " than to " + far,
                "its likeness to " + near + " is " + toNear + ", to " + far + " " + toFar);
    }
}
