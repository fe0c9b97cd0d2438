package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.MalformedResponseException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmbeddingsTest {
    @RegisterExtension
    private final Server server = new Server();

    private EmbeddingPort embeddings() {
        return server.provider().embeddings().orElseThrow();
    }

    private static EmbeddingRequest request() {
        return EmbeddingRequest.builder("local/nomic-embed-text")
                .texts(List.of("a", "b"))
                .build();
    }

    @Test
    void numbers_and_base64_are_the_same_vectors() {
        server.json(
                        200,
                        "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":[1.0,-2.0],\"index\":0},"
                                + "{\"object\":\"embedding\",\"embedding\":[0.5,0.25],\"index\":1}],\"model\":\"nomic-embed-text\","
                                + "\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}")
                .json(
                        200,
                        "{\"data\":[{\"embedding\":\"AACAPwAAAMA=\",\"index\":0},{\"embedding\":\"AAAAPwAAgD4=\","
                                + "\"index\":1}],\"model\":\"m\"}");

        EmbeddingResponse numbers = embeddings().embed(request());
        EmbeddingResponse base64 = embeddings().embed(request());

        assertThat(numbers.embeddings()).isEqualTo(base64.embeddings());
        assertThat(numbers.embeddings().get(0).vector()).containsExactly(1.0f, -2.0f);
        assertThat(numbers.usage().promptTokens()).isEqualTo(4);
        assertThat(numbers.cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(base64.usage().isReported()).isFalse();
        assertThat(server.receivedBody().text()).isEqualTo("{\"model\":\"nomic-embed-text\",\"input\":[\"a\",\"b\"]}");
    }

    /** A LiteLLM proxy in front of Gemini. */
    @Test
    void vectors_that_are_all_numbered_0_are_in_the_order_of_the_inputs() {
        server.json(200, "{\"data\":[{\"embedding\":[1.0],\"index\":0},{\"embedding\":[2.0],\"index\":0}]}");

        EmbeddingResponse reply = embeddings().embed(request());
        assertThat(reply.embeddings()).extracting(Embedding::index).containsExactly(0, 1);
        assertThat(reply.embeddings().get(1).vector()).containsExactly(2.0f);
    }

    @Test
    void a_vector_too_few_is_no_reply() {
        server.json(200, "{\"data\":[{\"embedding\":[1.0],\"index\":0}]}");

        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> embeddings().embed(request()));
    }
}
