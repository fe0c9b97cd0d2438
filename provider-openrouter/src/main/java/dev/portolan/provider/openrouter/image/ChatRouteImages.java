package dev.portolan.provider.openrouter.image;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.provider.openrouter.chat.OpenRouterDialect;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.transport.retrofit.openai.OpenAiChat;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Images by {@code POST /chat/completions}: the images of all answers, and the text of the first
 * (OpenRouter reference: images §3).
 */
final class ChatRouteImages implements ImagePort {
    private final OpenAiChat chat;

    ChatRouteImages(OpenAiClient<OpenRouterApi> client) {
        this.chat = new OpenAiChat(client, OpenRouterDialect.INSTANCE);
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        return images(request, chat.complete(ChatRouteMapper.map(request, false), request.call()));
    }

    @Override
    public ImageStream stream(ImageRequest request) {
        return new FromChat(request, chat.stream(ChatRouteMapper.map(request, true), request.call()));
    }

    private static ImageResponse images(ImageRequest request, ChatResponse chat) {
        ImageResponse response = new ImageResponse(
                chat.id(),
                chat.model(),
                chat.provider(),
                chat.created(),
                chat.choices().stream()
                        .flatMap(choice -> choice.message().images().stream())
                        .map(image -> new GeneratedImage(image, null))
                        .toList(),
                chat.text(),
                chat.usage(),
                chat.cost(),
                chat.warnings(),
                chat.attempts(),
                chat.metadata(),
                chat.extras());
        if (response.images().isEmpty()) {
            throw new MalformedResponseException(
                    "OpenRouter answered without an image for "
                            + request.model().name()
                            + (response.text().isEmpty()
                                    ? ""
                                    : "; what it said instead is in partial(ImageResponse.class)")
                            + ". Does the model draw? If it declined, change the prompt.",
                    ErrorDetails.NONE
                            .withModel(request.model())
                            .withGenerationId(response.id())
                            .withPartial(response));
        }
        return response;
    }

    /** A chat stream whose images are what matters. */
    private static final class FromChat implements ImageStream {
        private final ImageRequest request;
        private final ChatStream chat;

        FromChat(ImageRequest request, ChatStream chat) {
            this.request = request;
            this.chat = chat;
        }

        @Override
        public @Nullable ImageEvent next() {
            for (ChatEvent event = chat.next(); event != null; event = chat.next()) {
                if (event instanceof ChatEvent.ImageReceived image) {
                    return new ImageEvent.Completed(new GeneratedImage(image.image(), null));
                } else if (event instanceof ChatEvent.TextDelta text && text.choice() == 0) {
                    return new ImageEvent.Text("content", text.text());
                } else if (event instanceof ChatEvent.ReasoningDelta text && text.choice() == 0) {
                    return new ImageEvent.Text("reasoning", text.text());
                } else if (event instanceof ChatEvent.ResponseFinished finished) {
                    return new ImageEvent.Finished(images(request, finished.response()));
                }
            }
            return null;
        }

        @Override
        public ImageResponse response() {
            return images(request, chat.response());
        }

        @Override
        public @Nullable List<String> generationIds() {
            return chat.generationIds();
        }

        @Override
        public void close() {
            chat.close();
        }
    }
}
