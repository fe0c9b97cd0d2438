package dev.portolan.checks.samples;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;

/** A service that is tested. */
final class HarbourGuide {
    private final ChatPort chat;

    HarbourGuide(ChatPort chat) {
        this.chat = chat;
    }

    String tell(String harbour) {
        return chat.complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Tell me about the harbour of " + harbour + ".")
                        .build())
                .text();
    }
}
