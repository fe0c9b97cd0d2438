package dev.portolan.cli;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the request that a command line describes. Every fault of it is an {@link IllegalArgumentException}. */
final class ImageRequestReader {
    private final ImageOptions options;
    private final CallOptions call;
    private final Terminal terminal;

    ImageRequestReader(ImageOptions options, CallOptions call, Terminal terminal) {
        this.options = options;
        this.call = call;
        this.terminal = terminal;
    }

    ImageRequest read(ModelId model, List<String> arguments) {
        ImageRequest.Builder builder = ImageRequest.builder(model)
                .n(options.count)
                .size(options.size)
                .aspectRatio(options.aspectRatio)
                .resolution(oneOf("--resolution", options.resolution, "512", "1K", "2K", "4K"))
                .quality(oneOf("--quality", options.quality, "auto", "low", "medium", "high", "standard", "hd"))
                .background(oneOf("--background", options.background, "auto", "transparent", "opaque"))
                .outputFormat(oneOf("--format", options.format, "png", "jpeg", "webp", "svg"))
                .outputCompression(options.compression)
                .seed(options.seed)
                .call(call);
        if (options.route != null) {
            builder.options(
                    OpenRouterOptions.builder().imageRoute(options.route).build());
        }
        NamedValues.extras(options.extras, builder::extra);
        options.images.forEach(image -> builder.input(Attachments.picture(image, "convert it first")));
        String prompt = Prompt.read(arguments, terminal);
        if (prompt.isBlank()) {
            throw new IllegalArgumentException(
                    "The prompt is empty; give it as an argument, as in: portolan image \"a sunset over a calm ocean\"");
        }
        return builder.prompt(prompt).build();
    }

    private static @Nullable String oneOf(String option, @Nullable String value, String... words) {
        if (value != null && !List.of(words).contains(value)) {
            throw new IllegalArgumentException(option + ": '" + value + "' is not one of " + String.join(", ", words));
        }
        return value;
    }
}
