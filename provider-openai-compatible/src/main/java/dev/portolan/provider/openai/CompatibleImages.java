package dev.portolan.provider.openai;

import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.openai.ImageReplies;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import dev.portolan.transport.retrofit.openai.WireCall;

/**
 * Images by {@code POST /images/generations}, or by {@code /images/edits} where there are some to start from. A stream is asked
 * for only if the extra {@code partial_images} is set: many models refuse it, and have nothing to show before the end.
 */
final class CompatibleImages implements ImagePort {
    private static final String PREVIEWS = "partial_images";

    private final OpenAiClient<CompatibleApi> client;

    CompatibleImages(OpenAiClient<CompatibleApi> client) {
        this.client = client;
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        WireCall call = ImageRequestMapper.map(request, false);
        try (Answer answer = send(call, request)) {
            return ImageReplies.whole(answer, call, new CompatibleNotes(answer, null));
        }
    }

    @Override
    public ImageStream stream(ImageRequest request) {
        WireCall call = ImageRequestMapper.map(request, request.extras().containsKey(PREVIEWS));
        Answer answer = send(call, request);
        int images = request.n() == null ? 1 : request.n();
        return ImageReplies.stream(answer, call, new CompatibleNotes(answer, null), images);
    }

    private Answer send(WireCall call, ImageRequest request) {
        return request.inputs().isEmpty()
                ? client.send(call, request.call(), CompatibleApi::generateImages)
                : client.send(
                        call, ImageForm.of(call.body(), request.inputs()), request.call(), CompatibleApi::editImages);
    }
}
