package dev.portolan.provider.openrouter.image;

import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.provider.openrouter.wire.OpenRouterNotes;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.openai.ImageReplies;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import dev.portolan.transport.retrofit.openai.WireCall;

/** Images by {@code POST /images} (OpenRouter reference: images §1). */
final class ImagesRouteImages implements ImagePort {
    private final OpenAiClient<OpenRouterApi> client;

    ImagesRouteImages(OpenAiClient<OpenRouterApi> client) {
        this.client = client;
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        WireCall call = ImagesRouteMapper.map(request, false);
        try (Answer answer = client.send(call, request.call(), OpenRouterApi::images)) {
            return ImageReplies.whole(answer, call, new OpenRouterNotes(answer));
        }
    }

    /** Providers that cannot stream answer in one piece, whatever was asked (OpenRouter reference: images §1). */
    @Override
    public ImageStream stream(ImageRequest request) {
        WireCall call = ImagesRouteMapper.map(request, true);
        Answer answer = client.send(call, request.call(), OpenRouterApi::images);
        return ImageReplies.stream(answer, call, new OpenRouterNotes(answer));
    }
}
