package dev.portolan.wiring.guice;

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
import java.util.concurrent.atomic.AtomicInteger;

/** A provider {@code echo} that repeats what it is told, and counts how often it was made and closed. */
class EchoFactory implements ProviderFactory {
    final AtomicInteger made = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public Provider create(Settings settings) {
        made.incrementAndGet();
        return new Provider() {
            @Override
            public Optional<ChatPort> chat() {
                return Optional.of(new EchoChat());
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    static ChatRequest hello() {
        return ChatRequest.builder("echo/m").user("Hello").build();
    }

    static final class EchoChat implements ChatPort {
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
            reply.text(0, request.messages().get(0).text());
            reply.finishReason(0, "stop");
            return reply;
        }
    }
}
