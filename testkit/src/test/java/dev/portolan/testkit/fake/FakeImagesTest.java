package dev.portolan.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.CallOptions;
import dev.portolan.api.chat.Media;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class FakeImagesTest {
    private final FakeImages images = new FakeImages();

    @Test
    void pictures_are_png_of_the_size_asked_or_small() throws IOException {
        assertThat(size(images.generate(of("a sunset").size("96x48").build()))).isEqualTo("96x48");
        assertThat(size(images.generate(of("a sunset").build()))).isEqualTo("64x64");
        assertThat(size(images.generate(of("a sunset").aspectRatio("16:9").build())))
                .isEqualTo("64x36");
    }

    private static String size(ImageResponse reply) throws IOException {
        BufferedImage image = ImageIO.read(
                new ByteArrayInputStream(reply.image().bytes().orElseThrow().data()));
        return image.getWidth() + "x" + image.getHeight();
    }

    @Test
    void another_prompt_is_another_picture_and_the_same_is_the_same() {
        Media sunset = images.generate(of("a sunset").build()).image().image();

        assertThat(images.generate(of("a sunset").build()).image().image()).isEqualTo(sunset);
        assertThat(images.generate(of("a quiet street").build()).image().image())
                .isNotEqualTo(sunset);
        assertThat(images.generate(of("a cup").n(3).build()).images())
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    void a_stream_shows_previews_and_gives_the_same_pictures() {
        images.always(FakeDrawing.ofPrompt()
                .withPreviews(2)
                .withText("Here it is.")
                .withId("gen-1")
                .withCost("0.04"));
        List<ImageEvent> events = new ArrayList<>();

        try (ImageStream stream = images.stream(of("a sunset").build())) {
            stream.forEach(events::add);
            assertThat(stream.response())
                    .isEqualTo(images.generate(of("a sunset").build()));
            assertThat(stream.generationIds()).containsExactly("gen-1");
        }

        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Text", "Partial", "Partial", "Completed", "Finished");
        assertThat(images.openStreams()).isZero();
    }

    @Test
    void a_stream_breaks_with_the_pictures_that_had_arrived() {
        images.always(FakeDrawing.of(Media.url("https://example.com/1.png"), Media.url("https://example.com/2.png"))
                .brokenAfter(1));

        BrokenStreamException broken = catchThrowableOfType(
                BrokenStreamException.class, () -> images.generate(of("two").build()));

        assertThat(broken.partial(ImageResponse.class).orElseThrow().images()).hasSize(1);
    }

    @Test
    void a_drawing_that_cannot_end_where_it_should_is_refused_when_it_is_scripted() {
        FakeDrawing drawing =
                FakeDrawing.of(Media.url("https://example.com/1.png")).withPreviews(2);

        assertThat(drawing.brokenAfter(3)).hasToString("a failure");
        assertThatThrownBy(() -> drawing.brokenAfter(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The drawing has 3 events, and cannot end after 4");
        assertThatThrownBy(() -> drawing.hangingAfter(3).withPreviews(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void where_the_request_says_how_many_pictures_there_are_it_is_refused_before_anything_comes() {
        images.always(FakeDrawing.ofPrompt().failingAfter(3, ContentPolicyException::new));

        assertThatThrownBy(() -> images.stream(of("a sunset").n(2).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The drawing has 2 events, and cannot end after 3");
        assertThat(images.openStreams()).isZero();
        assertThatThrownBy(() -> images.generate(of("a sunset").n(3).build()))
                .isInstanceOf(ContentPolicyException.class);
    }

    @Test
    void a_drawing_that_falls_silent_runs_into_the_time_limit() {
        images.always(FakeDrawing.ofPrompt().withPreviews(2).hangingAfter(1));
        ImageStream stream = images.stream(of("a sunset")
                .call(CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(5)))
                .build());

        assertThat(stream.next()).isInstanceOf(ImageEvent.Partial.class);
        assertThatThrownBy(stream::next).isInstanceOf(CallTimeoutException.class);
        assertThat(images.clock().elapsed()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void a_picture_can_be_by_a_model_that_somebody_else_runs() {
        images.next(FakeDrawing.ofPrompt().withModel("black-forest/flux", "BFL"));

        ImageResponse reply = images.generate(of("a sunset").build());

        assertThat(reply.model()).isEqualTo("black-forest/flux");
        assertThat(reply.provider()).isEqualTo("BFL");
    }

    @Test
    void a_failure_comes_before_the_stream() {
        images.next(FakeDrawing.failing(ContentPolicyException::new));

        assertThatThrownBy(() -> images.stream(of("something").build())).isInstanceOf(ContentPolicyException.class);
    }

    @Test
    void a_stream_that_was_closed_early_never_looks_complete() {
        ImageStream stream = images.stream(of("a sunset").build());

        stream.close();

        assertThatThrownBy(stream::response).isInstanceOf(CallCancelledException.class);
        assertThat(images.openStreams()).isZero();
    }

    private static ImageRequest.Builder of(String prompt) {
        return ImageRequest.builder("openrouter/google/gemini-2.5-flash-image").prompt(prompt);
    }
}
