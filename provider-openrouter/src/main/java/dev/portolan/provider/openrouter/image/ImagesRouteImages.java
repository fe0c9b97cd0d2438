package dev.portolan.provider.openrouter.image;

import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.provider.openrouter.wire.OpenRouterClient;
import dev.portolan.provider.openrouter.wire.WireCall;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.JsonEventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images by {@code POST /images} (images.md §1). */
final class ImagesRouteImages implements ImagePort {
    private final OpenRouterClient client;

    ImagesRouteImages(OpenRouterClient client) {
        this.client = client;
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        WireCall call = ImagesRouteMapper.map(request, false);
        try (Answer answer = client.send(call, request.call(), OpenRouterApi::images)) {
            return wholeReply(answer, call).finish();
        }
    }

    /** Providers that cannot stream answer in one piece, whatever was asked (images.md §1). */
    @Override
    public ImageStream stream(ImageRequest request) {
        WireCall call = ImagesRouteMapper.map(request, true);
        Answer answer = client.send(call, request.call(), OpenRouterApi::images);
        if (answer.isEventStream()) {
            return new Streamed(answer, call);
        }
        try (answer) {
            return new InOnePiece(wholeReply(answer, call));
        }
    }

    private static ImageReplyDecoder wholeReply(Answer answer, WireCall call) {
        ImageReplyDecoder decoder = new ImageReplyDecoder(answer, call);
        return answer.json(reader -> {
            decoder.decode(reader);
            return decoder;
        });
    }

    private static final class Streamed extends JsonEventStream<ImageEvent, ImageResponse> implements ImageStream {
        Streamed(Answer answer, WireCall call) {
            super(answer, new ImageReplyDecoder(answer, call));
        }
    }

    private static final class InOnePiece implements ImageStream {
        private final ImageReplyDecoder decoder;
        private final ImageResponse response;

        InOnePiece(ImageReplyDecoder decoder) {
            this.decoder = decoder;
            this.response = decoder.finish();
        }

        @Override
        public @Nullable ImageEvent next() {
            return decoder.poll();
        }

        @Override
        public ImageResponse response() {
            return response;
        }

        @Override
        public List<String> generationIds() {
            return response.id() == null ? List.of() : List.of(response.id());
        }

        /** Nothing is open. */
        @Override
        public void close() {}
    }
}
