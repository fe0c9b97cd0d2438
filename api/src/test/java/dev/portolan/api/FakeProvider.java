package dev.portolan.api;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ReplyBuilder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that answers every request with its own greeting, and remembers what happened to it. */
final class FakeProvider implements Provider, ChatPort {
    final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger closed = new AtomicInteger();
    private final String greeting;

    FakeProvider(String greeting) {
        this.greeting = greeting;
    }

    @Override
    public Optional<ChatPort> chat() {
        return Optional.of(this);
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        requests.add(request);
        return ReplyBuilder.saying(greeting).costing("0.00012").build();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        requests.add(request);
        return ReplyBuilder.saying(greeting).costing("0.00012").stream();
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
