package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;

/**
 * The samples of {@code docs/getting-started.md}, each between two marks; the first program is {@link Hello}, the test
 * {@link OfflineTest}.
 */
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

    public static Portolan inCode(String keyFromYourVault) {
        // sample: key_in_code
        Portolan portolan = Portolan.load(Settings.fromEnvironment().with("OPENROUTER_API_KEY", keyFromYourVault));
        // end
        return portolan;
    }
}
