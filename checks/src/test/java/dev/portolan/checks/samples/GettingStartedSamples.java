package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.Map;

/** The samples of {@code docs/getting-started.md}, each between two marks; the first program is {@link Hello}. */
public final class GettingStartedSamples {
    private GettingStartedSamples() {}

    public static void stream(Portolan portolan) {
        // sample: first_stream
        ChatRequest request = ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                .user("Tell me about the harbour of Genoa.")
                .build();
        try (ChatStream stream = portolan.chat().stream(request)) {
            ChatResponse whole = stream.forEachText(System.out::print);
            System.out.println("\n" + whole.cost());
        }
        // end
    }

    public static void conversation(Portolan portolan) {
        // sample: conversation
        ChatRequest question = ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                .system("Answer in one sentence.")
                .user("Which harbour did Columbus sail from?")
                .build();
        ChatResponse answer = portolan.chat().complete(question);
        ChatRequest next = question.toBuilder()
                .message(answer.message()) // goes back exactly as it came
                .user("And in which year?")
                .build();
        System.out.println(portolan.chat().complete(next).text());
        // end
    }

    public static void offline() {
        // sample: offline
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Portolan portolan = Portolan.load(Settings.of(Map.of(
                        "OPENROUTER_API_KEY", simulator.apiKey(),
                        "OPENROUTER_API_BASE", simulator.baseUrl())))) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                            .user("Why is the sky blue?")
                            .build());
            System.out.println(reply.text());
            System.out.println(simulator.requests().get(0).apiPath()); // /chat/completions
        }
        // end
    }

    public static Portolan inCode(String keyFromYourVault) {
        // sample: key_in_code
        Portolan portolan = Portolan.load(Settings.fromEnvironment().with("OPENROUTER_API_KEY", keyFromYourVault));
        // end
        return portolan;
    }
}
