package dev.portolan.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.CallOptions;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.RateLimitedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeEmbeddingsTest {
    private static final List<String> TEXTS =
            List.of("The ship sails at noon.", "At noon the ship is sailing.", "Bread is baked at dawn.");

    private final FakeEmbeddings embeddings = new FakeEmbeddings();

    @Test
    void similar_texts_are_near_and_others_far() {
        List<Embedding> vectors = embeddings.embed(request()).embeddings();

        assertThat(vectors.get(0).cosineSimilarity(vectors.get(1))).isGreaterThan(0.5);
        assertThat(vectors.get(0).cosineSimilarity(vectors.get(2))).isLessThan(0.3);
        assertThat(vectors).extracting(Embedding::index).containsExactly(0, 1, 2);
    }

    @Test
    void the_same_text_has_the_same_vector_in_every_fake() {
        assertThat(new FakeEmbeddings().embed(request()).embeddings())
                .isEqualTo(embeddings.embed(request()).embeddings());
    }

    @Test
    void vectors_are_as_long_as_the_request_or_the_fake_says() {
        assertThat(embeddings.embed(request()).vector(0)).hasSize(256);
        assertThat(new FakeEmbeddings(8).embed(request()).vector(0)).hasSize(8);
        EmbeddingRequest shortened = EmbeddingRequest.builder(request().model())
                .text("a calm sea")
                .dimensions(12)
                .build();
        assertThat(embeddings.embed(shortened).vector(0)).hasSize(12);
    }

    @Test
    void tokens_and_content_have_vectors_too() {
        byte[] cat = {1};
        byte[] dog = {2};
        EmbeddingResponse seen = embeddings.embed(EmbeddingRequest.builder("openrouter/multi")
                .content(ContentPart.text("a pet"), ContentPart.image(cat))
                .content(ContentPart.text("a pet"), ContentPart.image(cat))
                .content(ContentPart.text("a pet"), ContentPart.image(dog))
                .build());
        EmbeddingResponse counted = embeddings.embed(EmbeddingRequest.builder("openrouter/multi")
                .tokens(1, 2)
                .tokens(3, 4)
                .build());

        assertThat(seen.vector(0)).isEqualTo(seen.vector(1)).isNotEqualTo(seen.vector(2));
        assertThat(counted.vector(0)).isNotEqualTo(counted.vector(1));
        assertThat(counted.usage().promptTokens()).isEqualTo(4);
    }

    @Test
    void an_answer_can_be_scripted() {
        embeddings.next(FakeVectors.of(new float[] {1, 0}, new float[] {0, 1}, new float[] {1, 1})
                .withId("gen-1")
                .withUsage(9)
                .withCost("0.0002")
                .after(Duration.ofSeconds(3)));

        EmbeddingResponse reply = embeddings.embed(request());

        assertThat(reply.vector(1)).containsExactly(0, 1);
        assertThat(reply.ids()).containsExactly("gen-1");
        assertThat(reply.usage().totalTokens()).isEqualTo(9);
        assertThat(reply.cost()).hasToString("$0.0002");
        assertThat(embeddings.clock().elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(embeddings.embed(request()).vector(0)).hasSize(256);
    }

    @Test
    void a_failure_has_what_had_arrived() {
        embeddings.next(
                FakeVectors.failing(RateLimitedException::new),
                FakeVectors.ofContent().failingAfter(2, RateLimitedException::new));

        RateLimitedException nothing =
                catchThrowableOfType(RateLimitedException.class, () -> embeddings.embed(request()));
        RateLimitedException some = catchThrowableOfType(RateLimitedException.class, () -> embeddings.embed(request()));

        assertThat(nothing.partial(EmbeddingResponse.class)).isEmpty();
        assertThat(some.partial(EmbeddingResponse.class).orElseThrow().embeddings())
                .hasSize(2);
    }

    @Test
    void a_delay_over_the_time_limit_is_a_timeout() {
        embeddings.always(FakeVectors.hanging());

        assertThatThrownBy(() ->
                        embeddings.embed(request().withCall(CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)))))
                .isInstanceOf(CallTimeoutException.class);
        assertThat(embeddings.clock().elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void vectors_can_be_by_a_model_that_somebody_else_runs() {
        embeddings.next(FakeVectors.ofContent().withModel("voyage/3", "Voyage"));

        EmbeddingResponse reply = embeddings.embed(request());

        assertThat(reply.model()).isEqualTo("voyage/3");
        assertThat(reply.provider()).isEqualTo("Voyage");
    }

    @Test
    void too_few_vectors_are_a_mistake_of_the_test_that_is_told() {
        embeddings.next(FakeVectors.of(new float[] {1}));

        assertThatThrownBy(() -> embeddings.embed(request()))
                .isInstanceOf(MalformedResponseException.class)
                .hasMessageContaining("given 1 vectors for a request of 3 inputs");
    }

    private static EmbeddingRequest request() {
        return EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                .texts(TEXTS)
                .build();
    }
}
