package dev.portolan.testkit.fake;

import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.testkit.simulator.text.Tokens;
import dev.portolan.testkit.simulator.vector.Features;
import dev.portolan.testkit.simulator.vector.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An embedding port whose vectors are the same on every run: close for texts that share words, far apart for texts that share
 * none. It knows nothing of what words mean. Remembers what it was asked, and can be scripted. Thread-safe.
 */
public final class FakeEmbeddings extends ScriptedFake<EmbeddingRequest, FakeVectors, FakeEmbeddings>
        implements EmbeddingPort {
    private static final int DEFAULT_DIMENSIONS = 256;

    private final int dimensions;

    /** A fake whose vectors have 256 dimensions, or as many as a request asks for. */
    public FakeEmbeddings() {
        this(DEFAULT_DIMENSIONS);
    }

    /**
     * A fake whose vectors have so many dimensions, or as many as a request asks for.
     *
     * @throws IllegalArgumentException if there is none
     */
    public FakeEmbeddings(int dimensions) {
        super(FakeVectors.ofContent());
        if (dimensions < 1) {
            throw new IllegalArgumentException("dimensions must be at least 1, found " + dimensions);
        }
        this.dimensions = dimensions;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        FakeVectors reply = answer(request, false);
        String id = reply.terms().idOr(nextId("fake-embedding-"));
        CallTime time = new CallTime(clock(), request, false);
        begun(time);
        try {
            return embed(request, reply, id, time);
        } finally {
            ended(time);
        }
    }

    private EmbeddingResponse embed(EmbeddingRequest request, FakeVectors reply, String id, CallTime time) {
        ErrorDetails details = ErrorDetails.NONE.withModel(request.model());
        time.check(false, () -> details);
        time.pass(reply.delay(), () -> details);
        if (reply.hangs()) {
            time.hang(() -> details);
        }
        int before = reply.vectorsBeforeFailure();
        Fail failure = reply.failure();
        if (failure != null) {
            throw failure.of(
                    before < 0
                            ? details
                            : details.withGenerationId(id)
                                    .withPartial(response(request, reply, id, Math.min(before, count(request)))));
        }
        return response(request, reply, id, count(request));
    }

    private static int count(EmbeddingRequest request) {
        return request.inputs().size();
    }

    /** With as many vectors. */
    private EmbeddingResponse response(EmbeddingRequest request, FakeVectors reply, String id, int vectors) {
        List<Embedding> embeddings = new ArrayList<>();
        long tokens = 0;
        for (int i = 0; i < vectors; i++) {
            embeddings.add(new Embedding(i, vector(request, reply, i)));
            tokens += tokens(request.inputs().get(i));
        }
        Terms terms = reply.terms();
        boolean whole = vectors == count(request);
        return new EmbeddingResponse(
                List.of(id),
                terms.modelOr(request.model().name()),
                terms.upstream(),
                embeddings,
                whole ? terms.usageOr(Usage.of(tokens, 0)) : Usage.of(tokens, 0),
                whole ? terms.cost() : Cost.UNKNOWN,
                terms.warnings(),
                List.of(),
                terms.metadata(),
                Map.of());
    }

    private float[] vector(EmbeddingRequest request, FakeVectors reply, int index) {
        List<float[]> given = reply.vectors();
        if (given == null) {
            Integer asked = request.dimensions();
            return Vectors.of(features(request.inputs().get(index)), asked == null ? dimensions : asked);
        }
        if (given.size() != count(request)) {
            throw new MalformedResponseException(
                    "The fake for " + request.model() + " was given " + given.size() + " vectors for a request of "
                            + count(request) + " inputs; give it one for each",
                    ErrorDetails.NONE.withModel(request.model()));
        }
        return given.get(index).clone();
    }

    private static Features features(EmbeddingInput input) {
        Features features = new Features();
        if (input instanceof EmbeddingInput.Text text) {
            features.addText(text.text());
        } else if (input instanceof EmbeddingInput.Tokens tokens) {
            features.addTokens(
                    Arrays.stream(tokens.tokens()).mapToObj(Integer::toString).toList());
        } else if (input instanceof EmbeddingInput.Content content) {
            for (ContentPart part : content.parts()) {
                if (part instanceof ContentPart.Text text) {
                    features.addText(text.text());
                } else {
                    features.addMedium(part.getClass().getSimpleName(), Integer.toHexString(content(part)));
                }
            }
        }
        return features;
    }

    /** Without how closely a model should look: an enum has another hash code in each process. */
    private static int content(ContentPart part) {
        return part instanceof ContentPart.Image image ? image.image().hashCode() : part.hashCode();
    }

    private static long tokens(EmbeddingInput input) {
        if (input instanceof EmbeddingInput.Text text) {
            return Tokens.count(text.text());
        } else if (input instanceof EmbeddingInput.Tokens tokens) {
            return tokens.tokens().length;
        }
        return ((EmbeddingInput.Content) input)
                .parts().stream()
                        .mapToLong(part -> part instanceof ContentPart.Text text ? Tokens.count(text.text()) : 0)
                        .sum();
    }

    @Override
    FakeEmbeddings self() {
        return this;
    }

    @Override
    String shown(EmbeddingRequest request) {
        String first = request.inputs().get(0) instanceof EmbeddingInput.Text text
                ? ", the first " + Lines.preview(text.text())
                : "";
        return "to " + request.model() + ": " + count(request) + " inputs" + first;
    }
}
