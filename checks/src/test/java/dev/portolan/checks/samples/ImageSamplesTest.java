package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.simulator.CannedResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The samples of docs/images.md do what they say. */
class ImageSamplesTest extends SamplesTest {
    @Test
    void an_image_is_drawn_saved_and_changed() throws IOException {
        try (Portolan portolan = Portolan.load()) {
            ImageSamples.draw(portolan);
            ImageSamples.edit(portolan);
        }

        assertThat(printed())
                .containsPattern("image/png, [1-9]\\d* tokens, \\$0\\.\\d+")
                .hasLineCount(1);
        assertThat(Path.of("lighthouse.png")).isNotEmptyFile();
        assertThat(Path.of("night.png")).isNotEmptyFile();
        assertThat(simulator.requests().get(1).body()).contains("data:image/png;base64,");
    }

    @Test
    void images_are_saved_by_their_type() throws IOException {
        Files.deleteIfExists(Path.of("compass-1.png"));

        try (Portolan portolan = Portolan.load()) {
            ImageSamples.several(portolan);
        }

        assertThat(Path.of("compass-1.png")).isNotEmptyFile();
    }

    @Test
    void a_model_that_only_draws_is_asked_by_its_own_route() {
        run(ImageSamples::route);

        assertThat(simulator.requests()).singleElement().satisfies(request -> {
            assertThat(request.apiPath()).isEqualTo("/images");
            assertThat(request.body()).contains("\"aspect_ratio\":\"16:9\"", "\"seed\":7");
        });
    }

    @Test
    void settings_of_image_models_go_out_as_they_are() {
        run(ImageSamples::nativeConfig);

        assertThat(simulator.requests().get(0).body())
                .contains("\"image_config\":{\"aspect_ratio\":\"21:9\",\"image_size\":\"2K\"}");
    }

    @Test
    void previews_are_shown_before_the_image() throws IOException {
        try (Portolan portolan = Portolan.load()) {
            ImageSamples.previews(portolan);
        }

        assertThat(Path.of("preview-0.png")).isNotEmptyFile();
        assertThat(Path.of("preview-1.png")).isNotEmptyFile();
        assertThat(Path.of("galley.png")).isNotEmptyFile();
        assertThat(printed()).startsWith("$0.0");
    }

    @Test
    void a_model_that_declines_says_why() {
        simulator.enqueue(CannedResponse.json(200, """
                {"id": "gen-1", "model": "google/gemini-2.5-flash-image", "choices": [
                 {"message": {"role": "assistant", "content": "I would rather not."}, "finish_reason": "stop"}]}"""));

        run(portolan -> ImageSamples.declined(
                portolan,
                ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                        .prompt("a secret")
                        .build()));

        assertThat(printed()).isEqualToIgnoringNewLines("I would rather not.");
    }
}
