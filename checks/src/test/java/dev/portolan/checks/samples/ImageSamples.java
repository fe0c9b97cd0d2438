package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.Media;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.provider.openrouter.ImageRoute;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The samples of {@code docs/images.md}, each between two marks. */
public final class ImageSamples {
    private ImageSamples() {}

    public static void draw(Portolan portolan) throws IOException {
        // sample: image_draw
        ImageResponse drawn = portolan.images()
                .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                        .prompt("a lighthouse at dusk, woodcut")
                        .size("1536x1024")
                        .quality("medium")
                        .build());
        Media.Bytes image = drawn.image().bytes().orElseThrow();
        Files.write(Path.of("lighthouse.png"), image.data());
        System.out.println(image.mediaType() + ", " + drawn.outputTokens() + " tokens, " + drawn.cost());
        drawn.warnings().forEach(System.out::println); // what could not be honoured as asked
        // end
    }

    public static void edit(Portolan portolan) throws IOException {
        // sample: image_edit
        ImageResponse night = portolan.images()
                .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                        .prompt("the same place at night")
                        .input(Media.file(Path.of("lighthouse.png")))
                        .build());
        // end
        Files.write(Path.of("night.png"), night.image().bytes().orElseThrow().data());
    }

    public static void several(Portolan portolan) throws IOException {
        // sample: image_save
        ImageResponse drawn = portolan.images()
                .generate(ImageRequest.builder("openrouter/openai/gpt-5-image-mini")
                        .prompt("a compass rose")
                        .n(2)
                        .build());
        int number = 1;
        for (GeneratedImage picture : drawn.images()) {
            if (picture.image() instanceof Media.Bytes bytes) {
                String ending = bytes.mediaType().replaceAll("image/|\\+.*", ""); // png, jpeg, webp, svg
                Files.write(Path.of("compass-" + number++ + "." + ending), bytes.data());
            } else {
                System.out.println(picture.url().orElseThrow()); // fetch it with any HTTP client
            }
        }
        // end
    }

    public static void route(Portolan portolan) {
        // sample: image_route
        ImageResponse drawn = portolan.images()
                .generate(ImageRequest.builder("openrouter/black-forest-labs/flux.2-pro")
                        .prompt("a portolan chart of the Ligurian sea")
                        .aspectRatio("16:9")
                        .seed(7L)
                        .options(OpenRouterOptions.builder()
                                .imageRoute(ImageRoute.IMAGES) // known to draw only: no first try by chat
                                .build())
                        .build());
        // end
        System.out.println(drawn.image().bytes().orElseThrow().mediaType());
    }

    public static void nativeConfig(Portolan portolan) {
        // sample: image_config
        ImageResponse drawn = portolan.images()
                .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                        .prompt("a strip of coast, seen from the sea")
                        .options(OpenRouterOptions.builder()
                                .imageConfig("aspect_ratio", "21:9")
                                .imageConfig("image_size", "2K")
                                .build())
                        .build());
        // end
        System.out.println(drawn.images().size());
    }

    public static void previews(Portolan portolan) throws IOException {
        // sample: image_stream
        ImageRequest request = ImageRequest.builder("openrouter/openai/gpt-5-image-mini")
                .prompt("a galley under sail")
                .options(OpenRouterOptions.builder()
                        .imageRoute(ImageRoute.IMAGES)
                        .build())
                .build();
        try (ImageStream stream = portolan.images().stream(request)) {
            for (ImageEvent event : stream) {
                if (event instanceof ImageEvent.Partial preview && preview.image() instanceof Media.Bytes bytes) {
                    Files.write(Path.of("preview-" + preview.index() + ".png"), bytes.data());
                } else if (event instanceof ImageEvent.Completed completed) {
                    Files.write(
                            Path.of("galley.png"),
                            completed.image().bytes().orElseThrow().data());
                }
            }
            System.out.println(stream.response().cost());
        }
        // end
    }

    public static void declined(Portolan portolan, ImageRequest request) {
        // sample: image_declined
        try {
            portolan.images().generate(request);
        } catch (MalformedResponseException e) {
            System.out.println(
                    e.partial(ImageResponse.class).map(ImageResponse::text).orElse("nothing"));
        }
        // end
    }
}
