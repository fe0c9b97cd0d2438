package dev.portolan.transport.retrofit.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import okio.Buffer;
import org.junit.jupiter.api.Test;

class TextChunkTest {
    private final TextChunk chunk = new TextChunk();

    @Test
    void the_text_of_a_like_chunk_is_found_without_parsing_and_the_chunk_left_as_it_is() {
        learn("{\"id\":1,\"delta\":{\"content\":\"one\"},\"x\":null}", "one");
        Buffer next = buffer("{\"id\":1,\"delta\":{\"content\":\"zwölf\"},\"x\":null}");

        assertThat(chunk.textOf(next)).isEqualTo("zwölf");
        assertThat(chunk.choice()).isEqualTo(2);
        assertThat(next.readUtf8()).startsWith("{\"id\":1").contains("zwölf");
    }

    @Test
    void nothing_is_like_it_before_something_was_learned() {
        assertThat(textOf("{\"content\":\"one\"}")).isNull();
    }

    @Test
    void a_chunk_that_is_different_anywhere_else_is_not_like_it() {
        learn("{\"id\":1,\"content\":\"one\",\"x\":null}", "one");

        assertThat(textOf("{\"id\":2,\"content\":\"one\",\"x\":null}")).isNull();
        assertThat(textOf("{\"id\":1,\"content\":\"one\",\"x\":true}")).isNull();
        assertThat(textOf("{\"id\":1,\"content\":\"one\",\"y\":1,\"x\":null}")).isNull();
        assertThat(textOf("{\"id\":1,\"content\":\"a\\\"b\",\"x\":null}")).isNull();
        assertThat(textOf("{\"id\":1,\"content\":\"a\\nb\",\"x\":null}")).isNull();
        assertThat(textOf("{\"id\":1,\"content\":\",\"x\":null}")).isNull();
        assertThat(textOf("")).isNull();
        assertThat(textOf("{\"id\":1,\"content\":\"\",\"x\":null}")).isEmpty();
    }

    @Test
    void a_text_that_cannot_be_told_from_the_rest_is_not_learned() {
        learn("{\"content\":\"one\",\"own\":{\"content\":\"one\"}}", "one");
        assertThat(textOf("{\"content\":\"two\",\"own\":{\"content\":\"one\"}}"))
                .isNull();

        learn("{\"content\":\"on\\u0065\"}", "one");
        assertThat(textOf("{\"content\":\"on\\u0065\"}")).isNull();

        learn("{\"content\" : \"one\"}", "one");
        assertThat(textOf("{\"content\" : \"one\"}")).isNull();
    }

    @Test
    void it_gives_up_where_every_chunk_is_different() {
        learn("{\"content\":\"one\",\"x\":0}", "one");
        for (int i = 1; i <= 8; i++) {
            assertThat(chunk.learns()).isTrue();
            assertThat(textOf("{\"content\":\"one\",\"x\":" + i + "}")).isNull();
        }

        assertThat(chunk.learns()).isFalse();
    }

    private void learn(String json, String text) {
        chunk.learn(json.getBytes(StandardCharsets.UTF_8), 2, text);
    }

    private String textOf(String json) {
        return chunk.textOf(buffer(json));
    }

    private static Buffer buffer(String json) {
        return new Buffer().writeUtf8(json);
    }
}
