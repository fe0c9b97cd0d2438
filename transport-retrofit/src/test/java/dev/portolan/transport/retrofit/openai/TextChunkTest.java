package dev.portolan.transport.retrofit.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.transport.retrofit.SseReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextChunkTest {
    private final TextChunk chunk = new TextChunk();

    @Test
    void the_text_of_a_like_chunk_is_found_without_parsing() {
        learn("{\"id\":1,\"delta\":{\"content\":\"one\"},\"x\":null}", "one");

        assertThat(textOf("{\"id\":1,\"delta\":{\"content\":\"zwölf\"},\"x\":null}"))
                .isEqualTo("zwölf");
        assertThat(chunk.choice()).isEqualTo(2);
    }

    @Test
    void it_ends_where_it_ends_whatever_comes_behind() {
        learn("{\"content\":\"one\",\"x\":null}", "one");
        byte[] bytes = "data: {\"content\":\"two\",\"x\":null}}\n\ndata".getBytes(StandardCharsets.UTF_8);

        assertThat(chunk.end(bytes, 6, bytes.length)).isEqualTo(bytes.length - 7);
        assertThat(chunk.text()).isEqualTo("two");
    }

    @Test
    void of_a_part_that_is_like_it_the_rest_is_wanted() {
        learn("{\"content\":\"one\",\"x\":null}", "one");
        byte[] bytes = "{\"content\":\"two\",\"x\":null}".getBytes(StandardCharsets.UTF_8);

        for (int to = 0; to < bytes.length; to++) {
            assertThat(chunk.end(bytes, 0, to)).as("%s bytes", to).isEqualTo(SseReader.Known.CUT);
        }
        assertThat(chunk.end(bytes, 1, 5)).isEqualTo(SseReader.Known.OTHER);
        assertThat(chunk.end(bytes, 0, bytes.length)).isEqualTo(bytes.length);
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

    /** {@code null} if the chunk is not like the one learned. */
    private String textOf(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return chunk.end(bytes, 0, bytes.length) == bytes.length ? chunk.text() : null;
    }
}
