package dev.portolan.provider.openrouter.image;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Output;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.chat.ChatRequestMapper;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Maps an {@link ImageRequest} to {@code POST /chat/completions} (OpenRouter reference: images §3): a question whose
 * answer is an image.
 */
final class ChatRouteMapper {
    private ChatRouteMapper() {}

    /**
     * Maps a request.
     *
     * @throws IllegalArgumentException if an extra has the name of a field that is set
     */
    static WireCall map(ImageRequest request, boolean stream) {
        ChatRequest.Builder chat = ChatRequest.builder(request.model())
                .message(prompt(request))
                .modalities(Output.Modality.IMAGE, Output.Modality.TEXT)
                .seed(request.seed())
                .endUser(request.user());
        request.options().forEach(chat::options);
        OpenRouterOptions options = request.options(OpenRouterOptions.class)
                .orElse(OpenRouterOptions.builder().build());
        WireCall call = ChatRequestMapper.map(chat.build(), stream);
        Map<String, Object> config = new ImageConfigMapper(call.warnings()).map(request, options.imageConfig());
        call.replace("image_config", config.isEmpty() ? null : config);
        call.put("n", request.n());
        call.extras(request.extras());
        return call;
    }

    private static Message prompt(ImageRequest request) {
        if (request.inputs().isEmpty()) {
            return Message.user(request.prompt());
        }
        List<ContentPart> parts = new ArrayList<>();
        parts.add(ContentPart.text(request.prompt()));
        for (Media input : request.inputs()) {
            parts.add(new ContentPart.Image(input, null));
        }
        return Message.user(parts.toArray(new ContentPart[0]));
    }
}
