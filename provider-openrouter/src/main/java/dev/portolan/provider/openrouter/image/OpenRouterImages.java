package dev.portolan.provider.openrouter.image;

import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.provider.openrouter.ImageRoute;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** The image port over both routes of OpenRouter; which one serves a model is remembered once it is known. */
public final class OpenRouterImages implements ImagePort {
    private final ImagePort chatRoute;
    private final ImagePort imagesRoute;
    private final Set<String> imageOnlyModels = ConcurrentHashMap.newKeySet();

    /** With this client. */
    public OpenRouterImages(OpenAiClient<OpenRouterApi> client) {
        this.chatRoute = new ChatRouteImages(client);
        this.imagesRoute = new ImagesRouteImages(client);
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        return route(request, ImagePort::generate);
    }

    @Override
    public ImageStream stream(ImageRequest request) {
        return route(request, ImagePort::stream);
    }

    private <T> T route(ImageRequest request, BiFunction<ImagePort, ImageRequest, T> call) {
        return switch (asked(request)) {
            case CHAT -> call.apply(chatRoute, request);
            case IMAGES -> call.apply(imagesRoute, request);
            case AUTO -> chatFirst(request, call);
        };
    }

    private <T> T chatFirst(ImageRequest request, BiFunction<ImagePort, ImageRequest, T> call) {
        String model = request.model().name();
        if (imageOnlyModels.contains(model)) {
            return call.apply(imagesRoute, request);
        }
        try {
            return call.apply(chatRoute, request);
        } catch (NotFoundException e) {
            if (!saysNoSuchModality(e)) {
                throw e;
            }
            T drawn = call.apply(imagesRoute, request);
            imageOnlyModels.add(model);
            return drawn;
        }
    }

    private static ImageRoute asked(ImageRequest request) {
        return request.options(OpenRouterOptions.class)
                .map(OpenRouterOptions::imageRoute)
                .orElse(ImageRoute.AUTO);
    }

    /** OpenRouter says so in words only (litellm-parity, images). */
    private static boolean saysNoSuchModality(NotFoundException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("output modalities");
    }
}
