package dev.portolan.checks.samples;

// sample: hello
import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;

public final class Hello {
    public static void main(String[] arguments) {
        try (Portolan portolan = Portolan.load()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                            .user("Why is the sky blue?")
                            .build());
            System.out.println(reply.text());
            System.out.println(reply.usage().totalTokens() + " tokens, " + reply.cost());
        }
    }
}
// end
