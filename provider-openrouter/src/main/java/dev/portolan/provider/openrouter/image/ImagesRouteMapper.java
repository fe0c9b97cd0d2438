package dev.portolan.provider.openrouter.image;

import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageSize;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.provider.openrouter.wire.OptionsMapper;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps an {@link ImageRequest} to {@code POST /images} (OpenRouter reference: images §1), where its fields go by their
 * own names.
 */
final class ImagesRouteMapper {
    /** The only routing fields that this endpoint takes. */
    private static final Set<String> ROUTING = Set.of("only", "order", "ignore", "sort", "allow_fallbacks");

    /** What the chat route's {@code image_config} and this endpoint have in common. */
    private static final Set<String> SHARED = Set.of(
            "aspect_ratio", "resolution", "size", "quality", "background", "output_format", "output_compression");

    /** Written {@code 512} here (OpenRouter reference: images §3). */
    private static final RawJson SMALLEST_IN_CHAT = RawJson.of("0.5K");

    private ImagesRouteMapper() {}

    /**
     * Maps a request.
     *
     * @throws IllegalArgumentException if an extra has the name of a field that is set
     */
    static WireCall map(ImageRequest request, boolean stream) {
        WireCall call = ModelNames.callOf(request.model());
        call.put("prompt", request.prompt());
        call.put("n", request.n());
        ImageSize size = request.size();
        call.put("size", size == null || size.equals(ImageSize.AUTO) ? null : size.text());
        call.put("resolution", request.resolution());
        call.put("aspect_ratio", request.aspectRatio());
        call.put("quality", quality(request.quality()));
        call.put("output_format", request.outputFormat());
        call.put("output_compression", request.outputCompression());
        call.put("background", request.background());
        call.put("seed", request.seed());
        if (!request.inputs().isEmpty()) {
            call.put(
                    "input_references",
                    request.inputs().stream()
                            .map(image -> WireCall.ordered(
                                    "type", "image_url", "image_url", Map.of("url", WireCall.url(image))))
                            .toList());
        }
        request.options(OpenRouterOptions.class).ifPresent(options -> options(options, call));
        call.put("stream", stream ? true : null);
        call.ignored(request.options(), OpenRouterOptions.class);
        if (request.user() != null) {
            call.warnings().add(new Warning("user", "The images route knows no end user; it was not sent"));
        }
        call.extras(request.extras());
        return call;
    }

    private static void options(OpenRouterOptions options, WireCall call) {
        call.headers().putAll(OptionsMapper.headers(options));
        if (options.sessionId() != null) {
            call.headers().put("x-session-id", options.sessionId());
        }
        call.put("provider", OptionsMapper.providerWithOptions(options, ROUTING, call.warnings()));
        imageConfig(options.imageConfig(), call);
    }

    /** What both routes know goes by its name here; a field of the request wins. */
    private static void imageConfig(Map<String, RawJson> config, WireCall call) {
        config.forEach((name, value) -> {
            String here = name.equals("image_size") ? "resolution" : name;
            if (!SHARED.contains(here)) {
                call.warnings()
                        .add(new Warning("image_config." + name, "The images route does not take it; it was not sent"));
            } else if (!call.body().containsKey(here)) {
                call.put(here, here.equals("resolution") && value.equals(SMALLEST_IN_CHAT) ? "512" : value);
            }
        });
    }

    /** The older words of OpenAI's API. */
    private static @Nullable String quality(@Nullable String quality) {
        if (quality == null) {
            return null;
        }
        return switch (quality) {
            case "standard" -> "low";
            case "hd" -> "high";
            default -> quality;
        };
    }
}
