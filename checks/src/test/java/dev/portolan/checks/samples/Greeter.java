package dev.portolan.checks.samples;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;

// sample: greeter
public final class Greeter {
    private final ChatPort chat;

    public Greeter(ChatPort chat) {
        this.chat = chat;
    }

    public String greet(String name) {
        return chat.complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Greet " + name + ".")
                        .build())
                .text();
    }
}
// end
