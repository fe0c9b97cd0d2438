package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.cost.InMemoryLedger;
import dev.portolan.testkit.simulator.CannedResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The samples of docs/openai-compatible.md do what they say. */
class CompatibleSamplesTest extends SamplesTest {
    @BeforeEach
    void letTheSimulatorBeOllama() {
        System.setProperty("PORTOLAN_OLLAMA_BASE_URL", simulator.baseUrl());
        System.setProperty("PORTOLAN_OLLAMA_API_KEY", simulator.apiKey());
    }

    @AfterEach
    void removeOllama() {
        System.clearProperty("PORTOLAN_OLLAMA_BASE_URL");
        System.clearProperty("PORTOLAN_OLLAMA_API_KEY");
    }

    private void answer(String content, String model) {
        simulator.enqueue(CannedResponse.json(200, """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"%s","choices":[{"index":0,
                "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":26,"completion_tokens":47,"total_tokens":73}}""".formatted(model, content)));
    }

    @Test
    void a_setting_is_all_it_takes() {
        answer("It scatters.", "llama3.2");

        CompatibleSamples.ollama();

        assertThat(printed()).isEqualToIgnoringNewLines("It scatters.");
        assertThat(simulator.requests())
                .anySatisfy(request -> assertThat(request.body()).contains("\"model\":\"llama3.2\""));
    }

    @Test
    void what_a_server_has_of_its_own_is_said_in_code() {
        answer("<think>\\nLight.\\n</think>\\n\\nIt scatters.", "qwen/qwen3-8b");

        CompatibleSamples.named(simulator.baseUrl(), simulator.apiKey());

        assertThat(printed().lines()).containsExactly("Light.", "It scatters.");
        assertThat(simulator.requests())
                .last()
                .satisfies(request -> assertThat(request.body())
                        .contains(
                                "\"reasoning_effort\":\"low\"", "\"chat_template_kwargs\":{\"enable_thinking\":true}"));
    }

    @Test
    void ones_own_prices_are_an_estimate() {
        answer("Hello.", "llama3.2");

        CompatibleSamples.ownPrices(new InMemoryLedger());

        assertThat(printed()).isEqualToIgnoringNewLines("ollama/llama3.2 ~$0.000006");
    }
}
