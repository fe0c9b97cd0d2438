package dev.portolan.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.portolan.api.chat.Media;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRequestTest {
    private static ImageRequest.Builder builder() {
        return ImageRequest.builder("openrouter/google/gemini-2.5-flash-image").prompt("a calm sea");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void a_blank_prompt_is_refused(String prompt) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().prompt(prompt).build())
                .withMessage("An image request needs a prompt that is not blank");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 11})
    void a_number_of_images_out_of_range_is_refused(int n) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().n(n).build())
                .withMessage("n must be between 1 and 10, found " + n);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "banana",
                "",
                " ",
                "1024",
                "1024x",
                "x1024",
                "0x1024",
                "1024x0",
                "1024X1024",
                "1024×1024",
                "-1x1",
                "1024x1024 ",
                "100000x1",
                "2k",
                "K",
                "0K",
                "Auto"
            })
    void a_size_of_no_known_form_is_refused(String size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().size(size))
                .withMessage("size must be <width>x<height> in pixels, such as 1024x1536, a tier such as 2K, or auto;"
                        + " found '" + size + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1024x1536", "1x1", "99999x99999", "auto", "512", "0.5K", "1K", "2K", "4K"})
    void a_size_of_a_known_form_is_taken(String size) {
        assertThat(builder().size(size).build().size()).hasToString(size);
    }

    @Test
    void the_aspect_ratio_of_a_size_is_its_width_by_its_height() {
        assertThat(ImageSize.pixels(1536, 1024).aspectRatio()).isEqualTo(1.5);
        assertThat(ImageSize.pixels(1536, 1024).isPixels()).isTrue();
        assertThat(ImageSize.AUTO.isPixels()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(ImageSize.AUTO::aspectRatio)
                .withMessageContaining("'auto'");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101})
    void a_compression_out_of_range_is_refused(int compression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().outputCompression(compression).build())
                .withMessage("output_compression must be between 0 and 100, found " + compression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"16", "16x9", "a:b", ":", "16:", "banana"})
    void an_aspect_ratio_of_no_known_form_is_refused(String ratio) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().aspectRatio(ratio).build())
                .withMessageContaining("aspect_ratio")
                .withMessageContaining("'" + ratio + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:1", "16:9", "9:19.5", "19.5:9", "9:20", "auto"})
    void an_aspect_ratio_of_the_reference_is_taken(String ratio) {
        assertThat(builder().aspectRatio(ratio).build().aspectRatio()).isEqualTo(ratio);
    }

    @Test
    void more_than_16_images_to_start_from_are_refused() {
        ImageRequest.Builder builder = builder();
        for (int i = 0; i < 17; i++) {
            builder.input(Media.url("https://example.com/" + i + ".png"));
        }

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("An image request takes at most 16 input images, found 17");
    }
}
