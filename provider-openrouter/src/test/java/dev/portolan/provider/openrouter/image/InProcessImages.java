package dev.portolan.provider.openrouter.image;

import dev.portolan.api.ModelId;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.provider.openrouter.chat.InProcess;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.provider.openrouter.wire.OpenRouterNotes;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.openai.ImageReplies;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.List;

/** Decodes bytes as if they were the answer of {@code /images}. */
public final class InProcessImages {
    private static final WireCall CALL = ModelNames.callOf(ModelId.parse("openrouter/acme/paint-1"));

    private InProcessImages() {}

    public static ReplyStream<ImageEvent, ImageResponse> stream(List<byte[]> pieces) {
        Answer answer = InProcess.answer("text/event-stream", pieces);
        return ImageReplies.stream(answer, CALL, new OpenRouterNotes(answer));
    }

    public static ImageResponse generate(byte[] bytes) {
        try (Answer answer = InProcess.answer("application/json", List.of(bytes))) {
            return ImageReplies.whole(answer, CALL, new OpenRouterNotes(answer));
        }
    }
}
