package dev.portolan.provider.openrouter;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.spi.Provider;
import dev.portolan.transport.retrofit.HttpConfig;
import dev.portolan.transport.retrofit.HttpTransport;
import java.util.Optional;

/** OpenRouter behind the ports. */
final class OpenRouterProvider implements Provider {
    private final HttpTransport transport;
    private final ChatPort chat;

    OpenRouterProvider(HttpConfig config) {
        this.transport = new HttpTransport(config);
        this.chat = new OpenRouterChat(transport);
    }

    @Override
    public Optional<ChatPort> chat() {
        return Optional.of(chat);
    }

    @Override
    public void close() {
        transport.close();
    }
}
