package dev.portolan.checks.samples;

// sample: offline
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OfflineTest {
    @Test
    void the_simulator_answers() {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Portolan portolan = Portolan.load(Settings.of(Map.of(
                        "OPENROUTER_API_KEY", simulator.apiKey(),
                        "OPENROUTER_API_BASE", simulator.baseUrl())))) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                            .user("Why is the sky blue?")
                            .build());

            assertThat(reply.text()).isNotBlank();
            assertThat(reply.cost().amount()).isEqualTo(simulator.bill().total());
        }
    }
}
// end
