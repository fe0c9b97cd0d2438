package dev.portolan.api.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ContentPart;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingRequestTest {
    private static EmbeddingRequest.Builder builder() {
        return EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void a_blank_text_is_refused_at_once(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().text(text))
                .withMessage("A text to embed must not be empty or blank");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().texts(List.of("a", text)));
    }

    @Test
    void no_tokens_and_no_content_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().tokens())
                .withMessage("Tokens to embed must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().content())
                .withMessage("Content to embed must have at least one part");
    }

    @Test
    void a_request_without_input_says_how_to_add_one() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().build())
                .withMessageContaining("at least one input")
                .withMessageContaining("text(");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void dimensions_below_1_are_refused(int dimensions) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().text("a").dimensions(dimensions).build())
                .withMessage("dimensions must be at least 1, found " + dimensions);
    }

    @Test
    void inputs_of_several_kinds_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().text("a").tokens(1).build())
                .withMessageContaining("of one kind");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> builder().tokens(1).content(ContentPart.text("a")).build())
                .withMessageContaining("of one kind");
    }

    @Test
    void limits_of_batching_below_1_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EmbeddingRequest.Batching(0, 1, 1))
                .withMessage("Limits of batching must be at least 1, found 0, 1, 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new EmbeddingRequest.Batching(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EmbeddingRequest.Batching(1, 1, 0));
    }

    @Test
    void a_request_does_not_change_after_it_was_built() {
        List<String> texts = new ArrayList<>(List.of("a"));
        EmbeddingRequest.Builder builder = builder().texts(texts).extra("x", 1);
        EmbeddingRequest request = builder.build();
        texts.add("b");
        builder.text("c").extra("y", 2);

        assertThat(request.inputs()).containsExactly(new EmbeddingInput.Text("a"));
        assertThat(request.extras()).containsOnlyKeys("x").containsEntry("x", RawJson.of(1));
        assertThatThrownBy(() -> request.inputs().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> request.extras().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void options_of_one_provider_replace_those_set_before() {
        record Options(int number) implements ProviderOptions {
            @Override
            public String provider() {
                return "openrouter";
            }
        }
        EmbeddingRequest request = builder()
                .text("a")
                .options(new Options(1))
                .options(new Options(2))
                .build();

        assertThat(request.options(Options.class)).contains(new Options(2));
        assertThat(request.options()).hasSize(1);
    }

    @Test
    void tokens_and_vectors_are_equal_by_content_and_print_their_size_only() {
        assertThat(new EmbeddingInput.Tokens(new int[] {1, 2}))
                .isEqualTo(new EmbeddingInput.Tokens(new int[] {1, 2}))
                .hasSameHashCodeAs(new EmbeddingInput.Tokens(new int[] {1, 2}))
                .isNotEqualTo(new EmbeddingInput.Tokens(new int[] {1, 3}))
                .hasToString("Tokens[2]");
        assertThat(new Embedding(0, new float[] {1, 2}))
                .isEqualTo(new Embedding(0, new float[] {1, 2}))
                .hasSameHashCodeAs(new Embedding(0, new float[] {1, 2}))
                .isNotEqualTo(new Embedding(1, new float[] {1, 2}))
                .isNotEqualTo(new Embedding(0, new float[] {1, 3}))
                .hasToString("Embedding[0, 2 dimensions]");
    }

    @Test
    void likeness_is_the_cosine() {
        Embedding east = new Embedding(0, new float[] {2, 0});

        assertThat(east.cosineSimilarity(new Embedding(0, new float[] {5, 0}))).isCloseTo(1, within(1e-9));
        assertThat(east.cosineSimilarity(new Embedding(0, new float[] {0, 1}))).isZero();
        assertThat(east.cosineSimilarity(new Embedding(0, new float[] {-1, 0}))).isCloseTo(-1, within(1e-9));
        assertThat(east.cosineSimilarity(new Embedding(0, new float[] {0, 0}))).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> east.cosineSimilarity(new Embedding(0, new float[] {1})))
                .withMessageContaining("2 and 1 dimensions");
    }
}
