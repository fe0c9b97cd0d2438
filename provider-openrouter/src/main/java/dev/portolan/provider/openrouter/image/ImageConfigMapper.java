package dev.portolan.provider.openrouter.image;

import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageSize;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps OpenAI's words for an image to the {@code image_config} of the chat route, as LiteLLM documents it; what the caller
 * gives in {@code image_config} itself wins.
 */
final class ImageConfigMapper {
    private static final Map<String, String> RATIO_OF_SIZE = Map.of(
            "auto", "1:1",
            "256x256", "1:1",
            "512x512", "1:1",
            "1024x1024", "1:1",
            "1536x1024", "3:2",
            "1792x1024", "16:9",
            "1024x1536", "2:3",
            "1024x1792", "9:16");
    private static final Map<String, String> SIZE_OF_QUALITY = Map.of(
            "low", "1K",
            "standard", "1K",
            "auto", "1K",
            "medium", "2K",
            "high", "4K",
            "hd", "4K");

    /** The proportions that the chat route knows (OpenRouter reference: images §3). */
    private static final List<String> RATIOS =
            List.of("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9");

    private final List<Warning> warnings;

    ImageConfigMapper(List<Warning> warnings) {
        this.warnings = warnings;
    }

    Map<String, Object> map(ImageRequest request, Map<String, RawJson> nativeConfig) {
        Map<String, Object> config = new LinkedHashMap<>();
        put(config, "aspect_ratio", aspectRatio(request));
        put(config, "image_size", imageSize(request));
        put(config, "background", request.background());
        put(config, "output_format", request.outputFormat());
        put(config, "output_compression", request.outputCompression());
        config.putAll(nativeConfig);
        return config;
    }

    private @Nullable String aspectRatio(ImageRequest request) {
        if (request.aspectRatio() != null) {
            return request.aspectRatio();
        }
        ImageSize size = request.size();
        if (size == null) {
            return null;
        }
        String documented = RATIO_OF_SIZE.get(size.text());
        return documented != null || !size.isPixels() ? documented : nearest(size);
    }

    private String nearest(ImageSize size) {
        double wanted = Math.log(size.aspectRatio());
        String nearest = RATIOS.get(0);
        for (String ratio : RATIOS) {
            if (Math.abs(Math.log(value(ratio)) - wanted) < Math.abs(Math.log(value(nearest)) - wanted)) {
                nearest = ratio;
            }
        }
        if (Math.abs(Math.log(value(nearest)) - wanted) > 1e-9 || !RATIO_OF_SIZE.containsKey(size.text())) {
            warnings.add(new Warning(
                    "size",
                    "There is no size " + size + " on this route; the nearest aspect ratio, " + nearest
                            + ", was asked for"));
        }
        return nearest;
    }

    private static double value(String ratio) {
        int colon = ratio.indexOf(':');
        return Double.parseDouble(ratio.substring(0, colon)) / Double.parseDouble(ratio.substring(colon + 1));
    }

    private @Nullable String imageSize(ImageRequest request) {
        String tier = request.resolution();
        ImageSize size = request.size();
        if (tier == null && size != null && !size.isPixels() && !size.equals(ImageSize.AUTO)) {
            tier = size.text();
        }
        if (tier != null) {
            return tier.equals("512") ? "0.5K" : tier;
        }
        String quality = request.quality();
        if (quality == null) {
            return null;
        }
        String mapped = SIZE_OF_QUALITY.get(quality);
        if (mapped == null) {
            warnings.add(new Warning(
                    "quality", "The quality '" + quality + "' is not known on this route and was not sent"));
        }
        return mapped;
    }

    private static void put(Map<String, Object> config, String name, @Nullable Object value) {
        if (value != null) {
            config.put(name, value);
        }
    }
}
