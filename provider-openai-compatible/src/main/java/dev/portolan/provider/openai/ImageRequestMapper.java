package dev.portolan.provider.openai;

import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageSize;
import dev.portolan.transport.retrofit.openai.WireCall;

/** Maps an {@link ImageRequest} to OpenAI's endpoints for images, where its fields go by their own names. Pure. */
final class ImageRequestMapper {
    private ImageRequestMapper() {}

    /**
     * Maps a request, but for its input images.
     *
     * @throws IllegalArgumentException if an extra has the name of a field that is set
     */
    static WireCall map(ImageRequest request, boolean stream) {
        WireCall call = new WireCall(request.model(), request.model().name());
        call.put("prompt", request.prompt());
        call.put("n", request.n());
        ImageSize size = request.size();
        call.put("size", size == null ? null : size.text());
        call.put("resolution", request.resolution());
        call.put("aspect_ratio", request.aspectRatio());
        call.put("quality", request.quality());
        call.put("output_format", request.outputFormat());
        call.put("output_compression", request.outputCompression());
        call.put("background", request.background());
        call.put("seed", request.seed());
        call.put("user", request.user());
        call.put("stream", stream ? true : null);
        call.ignored(request.options(), null);
        call.extras(request.extras());
        return call;
    }
}
