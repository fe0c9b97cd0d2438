package dev.portolan.checks.samples;

import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.api.spi.ReplayedStream;
import java.util.Optional;

// sample: provider
public final class EchoProviderFactory implements ProviderFactory {
    @Override
    public String name() {
        return "echo";
    }

    @Override
    public Provider create(Settings settings) {
        return new Provider() {
            @Override
            public Optional<ChatPort> chat() {
                return Optional.of(new EchoChat());
            }

            @Override
            public void close() {}
        };
    }

    private static final class EchoChat implements ChatPort {
        @Override
        public ChatResponse complete(ChatRequest request) {
            return answer(request).finish();
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return ReplayedStream.of(answer(request));
        }

        private static ChatAssembler answer(ChatRequest request) {
            ChatAssembler reply = new ChatAssembler();
            reply.model(request.model().name());
            reply.text(0, request.messages().get(request.messages().size() - 1).text());
            reply.finishReason(0, "stop");
            return reply;
        }
    }
}
// end
