package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.testkit.simulator.CannedResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first segment of a model id names the provider; the rest is OpenRouter's own name
 * (OpenRouter reference: routing §1 and §2).
 */
class ModelNamesTest {
    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @CsvSource({
        "openrouter/openrouter/auto, openrouter/auto",
        "openrouter/auto, openrouter/auto",
        "openrouter/openrouter/auto-beta, openrouter/auto-beta",
        "openrouter/openrouter/free, openrouter/free",
        "openrouter/pareto-code, openrouter/pareto-code",
        "openrouter/google/gemini-2.5-flash, google/gemini-2.5-flash",
        "openrouter/google/gemini-2.5-flash:free, google/gemini-2.5-flash:free",
        "openrouter/google/gemini-2.5-flash:nitro, google/gemini-2.5-flash:nitro",
        "openrouter/x/y:free:online, x/y:free:online",
        "openrouter/@preset/x, @preset/x",
        "openrouter/a/b@preset/c, a/b@preset/c",
        "openrouter/~a/b-latest, ~a/b-latest",
        "openrouter/openrouter/openrouter/auto, openrouter/openrouter/auto",
        "openrouter/Author/Model-X.1, Author/Model-X.1",
    })
    void a_model_id_becomes_the_name_on_the_wire(String id, String wire) {
        ChatRequest request = ChatRequest.builder(id).user("Hi").build();

        assertThat(server.sentBody(request)).containsEntry("model", wire);
        assertThat(Json.object(server.sentStreaming(request).body())).containsEntry("model", wire);
    }

    @Test
    void fallback_models_go_out_as_openrouter_names_them() {
        ChatRequest request = Loopback.request()
                .options(OpenRouterOptions.builder()
                        .models("anthropic/claude-sonnet-4.5", "openrouter/auto")
                        .build())
                .build();

        assertThat(Json.at(server.sentBody(request), "models"))
                .isEqualTo(Json.value("[\"anthropic/claude-sonnet-4.5\",\"openrouter/auto\"]"));
    }

    @Test
    void portolan_finds_the_provider_by_itself() {
        server.simulator().enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));
        try (Portolan portolan = Portolan.load(server.settings())) {
            assertThat(portolan.providers()).contains("openrouter");
            assertThat(portolan.chat()
                            .complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                                    .user("Capital of France?")
                                    .build())
                            .text())
                    .isEqualTo("Paris is the capital of France.");
        }
        assertThat(server.received().path()).isEqualTo("/api/v1/chat/completions");
        assertThat(server.received().method()).isEqualTo("POST");
    }
}
