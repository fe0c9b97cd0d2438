package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.Reply;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingRequest.Batching;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every {@link EmbeddingPort} does. A test of a provider extends this; see {@link ChatPortContract}. */
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public abstract class EmbeddingPortContract extends PortContract<EmbeddingPort> {
    private static final double THE_SAME = 0.999;
    private static final List<String> TEXTS = List.of(
            "The ship sails at noon.",
            "At noon the ship is sailing.",
            "Bread is baked at dawn.",
            "こんにちは",
            "🙂",
            "x",
            "Quarterly tax returns of a bakery");

    /** For subclasses. */
    protected EmbeddingPortContract() {}

    @Test
    public void there_are_as_many_vectors_as_inputs_in_their_order() {
        EmbeddingResponse reply = port().embed(request(TEXTS).build());

        assertWhole(reply);
        for (int i = 0; i < TEXTS.size(); i++) {
            Embedding alone = port().embed(request(List.of(TEXTS.get(i))).build())
                    .embeddings()
                    .get(0);
            assertThat(reply.embeddings().get(i).cosineSimilarity(alone))
                    .as("how alike the vectors of text %s are, among others and alone", i)
                    .isGreaterThan(THE_SAME);
        }
    }

    @Test
    public void different_texts_have_different_vectors() {
        List<Embedding> vectors = port().embed(request(TEXTS).build()).embeddings();

        assertThat(vectors.get(0).cosineSimilarity(vectors.get(2))).isLessThan(THE_SAME);
    }

    @Test
    public void batches_give_what_one_request_gives() {
        EmbeddingResponse whole = port().embed(request(TEXTS).build());

        EmbeddingResponse joined = port().embed(
                        request(TEXTS).batching(new Batching(2, 100_000, 3)).build());

        assertWhole(joined);
        assertThat(joined.usage().isReported())
                .as("whether usage is reported")
                .isEqualTo(whole.usage().isReported());
        for (int i = 0; i < TEXTS.size(); i++) {
            assertThat(joined.embeddings()
                            .get(i)
                            .cosineSimilarity(whole.embeddings().get(i)))
                    .as("how alike the vectors of text %s are, in batches and in one request", i)
                    .isGreaterThan(THE_SAME);
        }
    }

    @Test
    public void what_succeeded_before_a_batch_failed_is_in_the_exception() {
        EmbeddingPort port = in(Situation.BATCH_FAILS);

        PortolanException error = failure(() -> port.embed(EmbeddingRequest.builder(modelIn(Situation.BATCH_FAILS))
                .texts(TEXTS)
                .batching(new Batching(2, 100_000, 1))
                .call(once())
                .build()));

        EmbeddingResponse partial = error.partial(EmbeddingResponse.class).orElseThrow();
        assertThat(partial.embeddings()).hasSizeBetween(1, TEXTS.size() - 1);
        assertThat(partial.embeddings())
                .extracting(Embedding::index)
                .startsWith(0, 1)
                .doesNotContain(2, 3);
    }

    private static void assertWhole(EmbeddingResponse reply) {
        assertThat(reply.embeddings()).hasSize(TEXTS.size());
        int dimensions = reply.embeddings().get(0).dimensions();
        assertThat(dimensions).isPositive();
        for (int i = 0; i < TEXTS.size(); i++) {
            Embedding embedding = reply.embeddings().get(i);
            assertThat(embedding.index()).isEqualTo(i);
            assertThat(embedding.dimensions()).isEqualTo(dimensions);
            for (float number : embedding.vector()) {
                assertThat(Float.isFinite(number))
                        .as("whether %s is a number", number)
                        .isTrue();
            }
        }
        assertLawful(reply);
    }

    private EmbeddingRequest.Builder request(List<String> texts) {
        return EmbeddingRequest.builder(model()).texts(texts).call(once());
    }

    @Override
    final Reply call(EmbeddingPort port, ModelId model, String text, Consumer<Extra> more) {
        EmbeddingRequest.Builder request =
                EmbeddingRequest.builder(model).text(text).call(once());
        more.accept(new Extra() {
            @Override
            public Extra call(CallOptions options) {
                request.call(options);
                return this;
            }

            @Override
            public Extra options(ProviderOptions options) {
                request.options(options);
                return this;
            }
        });
        return port.embed(request.build());
    }

    @Override
    final Object essence(Reply reply) {
        List<Float> numbers = new ArrayList<>();
        for (float number : ((EmbeddingResponse) reply).vector(0)) {
            numbers.add(number);
        }
        return numbers;
    }

    @Override
    final Provider providerOf(EmbeddingPort port) {
        return new Provider() {
            @Override
            public Optional<EmbeddingPort> embeddings() {
                return Optional.of(port);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    final EmbeddingPort portOf(Portolan portolan) {
        return portolan.embeddings();
    }

    @Override
    final CostEvent.Operation operation() {
        return CostEvent.Operation.EMBEDDING;
    }
}
