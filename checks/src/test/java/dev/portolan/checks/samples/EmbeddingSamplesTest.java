package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.testkit.simulator.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The samples of docs/embeddings.md do what they say. */
class EmbeddingSamplesTest extends SamplesTest {
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4YSMCRAwQCgAhfgRh5kKsPwAAAABJRU5ErkJggg==";

    @Test
    void many_texts_go_out_in_batches_and_come_back_in_order() {
        run(portolan -> EmbeddingSamples.many(portolan, sentences(600)));

        assertThat(simulator.requests()).hasSize(3);
        assertThat(printed())
                .startsWith("600 vectors of 1536 numbers, ")
                .contains("$" + simulator.bill().total().toPlainString());
    }

    @Test
    void vectors_are_short_and_come_as_bytes() {
        run(portolan -> assertThat(portolan.embeddings()
                        .embed(EmbeddingSamples.options(sentences(2)))
                        .embeddings())
                .extracting(Embedding::dimensions)
                .containsExactly(256, 256));

        assertThat(simulator.requests().get(0).body())
                .contains("\"dimensions\":256", "\"encoding_format\":\"base64\"", "\"input_type\":\"search_document\"");
    }

    @Test
    void the_nearest_text_is_found() {
        run(EmbeddingSamples::search);

        assertThat(printed()).startsWith("Genoa has a lighthouse");
    }

    @Test
    void tokens_and_pictures_have_vectors_too() throws IOException {
        Files.write(Path.of("harbour.png"), Base64.getDecoder().decode(PIXEL));

        run(EmbeddingSamples::kinds);

        assertThat(printed()).isEqualToIgnoringNewLines("1 1");
    }

    @Test
    void what_succeeded_is_kept_when_a_batch_fails() {
        simulator
                .faults()
                .on(request -> request.body().contains("Sentence 150."))
                .always(Fault.status(402));

        try (Portolan portolan = Portolan.load()) {
            List<Embedding> vectors = EmbeddingSamples.goOn(portolan, EmbeddingSamples.batching(sentences(200)));

            assertThat(vectors)
                    .extracting(Embedding::index)
                    .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        }
        assertThat(printed())
                .isEqualToIgnoringNewLines("100 done, 100 to do, cost so far: $"
                        + simulator.bill().total().toPlainString());
    }

    private static List<String> sentences(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "Sentence " + number + ".")
                .toList();
    }
}
