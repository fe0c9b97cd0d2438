package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.JsonEventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads replies of endpoints that draw (OpenRouter reference: images §1). */
public final class ImageReplies {
    private ImageReplies() {}

    /** Reads an answer whose body is a whole reply. */
    public static ImageResponse whole(Answer answer, WireCall call, ReplyNotes notes) {
        return decoded(answer, call, notes).finish();
    }

    /**
     * Reads an answer that may be a stream, which ends with {@code [DONE]}, or may have come in one piece whatever was asked;
     * it is closed in the end.
     */
    public static ImageStream stream(Answer answer, WireCall call, ReplyNotes notes) {
        return stream(answer, call, notes, Integer.MAX_VALUE);
    }

    /**
     * The same of a server that may end a stream by closing it.
     *
     * @param images how many images make it whole then
     */
    public static ImageStream stream(Answer answer, WireCall call, ReplyNotes notes, int images) {
        if (answer.isEventStream()) {
            return new Streamed(answer, new ImageReplyDecoder(answer, call, notes, images));
        }
        try (answer) {
            return new InOnePiece(decoded(answer, call, notes));
        }
    }

    private static ImageReplyDecoder decoded(Answer answer, WireCall call, ReplyNotes notes) {
        ImageReplyDecoder decoder = new ImageReplyDecoder(answer, call, notes, Integer.MAX_VALUE);
        return answer.json(reader -> {
            decoder.decode(reader);
            return decoder;
        });
    }

    private static final class Streamed extends JsonEventStream<ImageEvent, ImageResponse> implements ImageStream {
        Streamed(Answer answer, ImageReplyDecoder decoder) {
            super(answer, decoder);
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
