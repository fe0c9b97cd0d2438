package dev.portolan.api.spi;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import org.jspecify.annotations.Nullable;

/**
 * Ports whose calls may take several attempts, as a {@link Recovery} decides: retries are made with these, and moving on to
 * other models. A stream begins anew only while nothing of it has reached its reader. The attempts are told in
 * {@link dev.portolan.api.Reply#attempts()} and
 * {@link dev.portolan.api.error.PortolanException#attempts()}.
 */
public final class RecoveringPorts {
    private RecoveringPorts() {}

    /** Around a chat port. */
    public static ChatPort chat(ChatPort port, Recovery.Plan<ChatRequest> plan) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                RecoveringCall<ChatRequest> call = new RecoveringCall<>(plan, request);
                return call.answered(call.run(port::complete), ChatResponse::withAttempts);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return new Chat(port, new RecoveringCall<>(plan, request));
            }
        };
    }

    /** Around an embedding port. */
    public static EmbeddingPort embeddings(EmbeddingPort port, Recovery.Plan<EmbeddingRequest> plan) {
        return request -> {
            RecoveringCall<EmbeddingRequest> call = new RecoveringCall<>(plan, request);
            return call.answered(call.run(port::embed), EmbeddingResponse::withAttempts);
        };
    }

    /** Around an image port. */
    public static ImagePort images(ImagePort port, Recovery.Plan<ImageRequest> plan) {
        return new ImagePort() {
            @Override
            public ImageResponse generate(ImageRequest request) {
                RecoveringCall<ImageRequest> call = new RecoveringCall<>(plan, request);
                return call.answered(call.run(port::generate), ImageResponse::withAttempts);
            }

            @Override
            public ImageStream stream(ImageRequest request) {
                return new Images(port, new RecoveringCall<>(plan, request));
            }
        };
    }

    private static final class Chat extends RecoveringStream<ChatRequest, ChatEvent, ChatResponse>
            implements ChatStream {
        Chat(ChatPort port, RecoveringCall<ChatRequest> call) {
            super(call, port::stream, ChatResponse::withAttempts);
        }

        @Override
        @Nullable ChatResponse finished(ChatEvent event) {
            return event instanceof ChatEvent.ResponseFinished last ? last.response() : null;
        }

        @Override
        ChatEvent finish(ChatResponse reply) {
            return new ChatEvent.ResponseFinished(reply);
        }
    }

    private static final class Images extends RecoveringStream<ImageRequest, ImageEvent, ImageResponse>
            implements ImageStream {
        Images(ImagePort port, RecoveringCall<ImageRequest> call) {
            super(call, port::stream, ImageResponse::withAttempts);
        }

        @Override
        @Nullable ImageResponse finished(ImageEvent event) {
            return event instanceof ImageEvent.Finished last ? last.response() : null;
        }

        @Override
        ImageEvent finish(ImageResponse reply) {
            return new ImageEvent.Finished(reply);
        }
    }
}
