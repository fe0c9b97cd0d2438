package dev.portolan.cli;

import dev.portolan.provider.openrouter.ImageRoute;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which model draws, and how. */
final class ImageOptions {
    static final String DEFAULT_MODEL = "openrouter/google/gemini-2.5-flash-image";

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "<provider>/<model>. Default: " + DEFAULT_MODEL + ".")
    String model = DEFAULT_MODEL;

    @Option(names = "-n", paramLabel = "1..10", description = "How many images; fewer may come.")
    @Nullable Integer count;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "How large: <width>x<height> in pixels, such as 1536x1024, a tier such as 2K, or auto.")
    @Nullable String size;

    @Option(
            names = "--aspect-ratio",
            paramLabel = "W:H",
            description = "The proportions, such as 16:9, instead of a size.")
    @Nullable String aspectRatio;

    @Option(names = "--resolution", paramLabel = "TIER", description = "512, 1K, 2K or 4K, instead of a size.")
    @Nullable String resolution;

    @Option(
            names = "--quality",
            paramLabel = "WORD",
            description = "auto, low, medium or high; standard and hd are understood.")
    @Nullable String quality;

    @Option(names = "--background", paramLabel = "WORD", description = "auto, transparent or opaque.")
    @Nullable String background;

    @Option(names = "--format", paramLabel = "WORD", description = "The file format: png, jpeg, webp or svg.")
    @Nullable String format;

    @Option(
            names = "--compression",
            paramLabel = "0..100",
            description = "How much a jpeg or webp is compressed, in percent.")
    @Nullable Integer compression;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "For repeatable images, where the model can.")
    @Nullable Long seed;

    @Option(
            names = "--image",
            paramLabel = "FILE|URL",
            description = "An image to start from or to change: png, jpeg, webp or gif. Repeatable, at most 16.")
    List<String> images = List.of();

    @Option(
            names = "--route",
            paramLabel = "WORD",
            converter = WordConverter.Route.class,
            description =
                    "By which of OpenRouter's endpoints: chat (models that write and draw), images (those that only "
                            + "draw too), or auto, which tries one after the other. Default: auto.")
    @Nullable ImageRoute route;

    @Option(
            names = "--extra",
            paramLabel = "NAME=JSON",
            description = "Any other field of the request body, such as 'image_config={\"strength\":0.5}'. Repeatable.")
    List<String> extras = List.of();
}
