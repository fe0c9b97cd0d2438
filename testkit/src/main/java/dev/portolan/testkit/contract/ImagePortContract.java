package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.Provider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every {@link ImagePort} does. A test of a provider extends this; see {@link ChatPortContract}. */
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public abstract class ImagePortContract extends StreamingPortContract<ImagePort, ImageEvent, ImageResponse> {
    private static final String A_SEA = "a sunset over a calm ocean";

    /** For subclasses. */
    protected ImagePortContract() {}

    /** Adds to a request what makes the image cheap, such as the smallest size. By default nothing. */
    protected void cheap(ImageRequest.Builder request) {}

    /** Images take their time. */
    @Override
    final int questions() {
        return 2;
    }

    @Test
    public void there_is_an_image_that_can_be_shown() {
        ImageResponse reply = port().generate(request().build());

        assertShowable(reply.images());
    }

    @Test
    public void the_finished_images_of_a_stream_are_those_of_the_reply() {
        try (ImageStream stream = port().stream(request().build())) {
            List<GeneratedImage> finished = new ArrayList<>();
            for (ImageEvent event : stream) {
                if (event instanceof ImageEvent.Completed completed) {
                    finished.add(completed.image());
                }
            }
            assertThat(finished).isEqualTo(stream.response().images());
            assertShowable(finished);
        }
    }

    @Test
    public void an_image_can_be_what_another_starts_from() {
        GeneratedImage first = port().generate(request().build()).image();

        ImageResponse reply = port().generate(request()
                .prompt("the same place at night")
                .input(first.image())
                .build());

        assertShowable(reply.images());
    }

    private static void assertShowable(List<GeneratedImage> images) {
        assertThat(images).isNotEmpty();
        for (GeneratedImage image : images) {
            if (image.image() instanceof Media.Bytes bytes) {
                assertThat(bytes.size()).as("the size of the image").isPositive();
                assertThat(bytes.mediaType()).startsWith("image/");
                assertThat(typeOf(bytes)).as("what the bytes are").isIn(bytes.mediaType(), "application/octet-stream");
            } else {
                assertThat(image.url().orElseThrow()).isNotBlank();
            }
        }
    }

    private static String typeOf(Media.Bytes bytes) {
        return ((Media.Bytes) Media.bytes(bytes.data())).mediaType();
    }

    private ImageRequest.Builder request() {
        return request(model(), A_SEA);
    }

    @Override
    final Reply call(ImagePort port, ModelId model, String text, Consumer<Extra> more) {
        return port.generate(asked(model, text, more));
    }

    @Override
    final ReplyStream<ImageEvent, ImageResponse> open(
            ImagePort port, ModelId model, String text, Consumer<Extra> more) {
        return port.stream(asked(model, text, more));
    }

    private ImageRequest.Builder request(ModelId model, String prompt) {
        ImageRequest.Builder request =
                ImageRequest.builder(model).prompt(prompt).call(once());
        cheap(request);
        return request;
    }

    private ImageRequest asked(ModelId model, String text, Consumer<Extra> more) {
        ImageRequest.Builder request = request(model, text);
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
        return request.build();
    }

    @Override
    final Object essence(Reply reply) {
        return ((ImageResponse) reply).images();
    }

    @Override
    final Optional<ImageResponse> finished(ImageEvent event) {
        return event instanceof ImageEvent.Finished last ? Optional.of(last.response()) : Optional.empty();
    }

    @Override
    final Object comparable(ImageResponse reply) {
        return Arrays.asList(
                reply.model(),
                reply.provider(),
                reply.images(),
                reply.text(),
                reply.usage().promptTokens(),
                reply.usage().completionTokens(),
                reply.usage().totalTokens(),
                reply.cost(),
                reply.warnings(),
                reply.attempts().size());
    }

    /** Previews are no part of a reply, so there may be nothing. */
    @Override
    final boolean says(ImageEvent event) {
        return true;
    }

    @Override
    final void assertPartial(List<ImageEvent> events, PortolanException error) {
        List<GeneratedImage> finished = new ArrayList<>();
        for (ImageEvent event : events) {
            if (event instanceof ImageEvent.Completed completed) {
                finished.add(completed.image());
            }
        }
        List<GeneratedImage> partial =
                error.partial(ImageResponse.class).map(ImageResponse::images).orElse(List.of());
        assertThat(partial).as("the images that had arrived").isEqualTo(finished);
    }

    @Override
    final Provider providerOf(ImagePort port) {
        return new Provider() {
            @Override
            public Optional<ImagePort> images() {
                return Optional.of(port);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    final ImagePort portOf(Portolan portolan) {
        return portolan.images();
    }

    @Override
    final CostEvent.Operation operation() {
        return CostEvent.Operation.IMAGE;
    }
}
