package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.error.PortolanException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The samples of docs/openrouter-options.md do what they say. */
class OptionsSamplesTest extends SamplesTest {
    @Test
    void preferences_reach_the_wire() {
        assertThat(bodyOf(OptionsSamples.routing()))
                .contains(
                        "\"provider\":{\"ignore\":[\"deepinfra\"],\"allow_fallbacks\":true,\"require_parameters\":true,"
                                + "\"data_collection\":\"deny\",\"zdr\":true,\"quantizations\":[\"fp8\",\"bf16\"],\"sort\":\"price\","
                                + "\"preferred_min_throughput\":30.0,\"preferred_max_latency\":{\"p90\":3.0},"
                                + "\"max_price\":{\"prompt\":0.50,\"completion\":1.50}}");
    }

    @Test
    void models_to_fall_back_to_are_sent_and_the_reply_tells_who_answered() {
        run(OptionsSamples::fallbacks);

        assertThat(simulator.requests().get(0).body())
                .contains("\"models\":[\"anthropic/claude-haiku-4.5\",\"google/gemini-2.5-flash\"]");
        assertThat(printed()).isEqualToIgnoringNewLines("openai/gpt-4o-mini");
    }

    @Test
    void plugins_reach_the_wire() {
        assertThat(bodyOf(OptionsSamples.plugins()))
                .contains("\"plugins\":[{\"id\":\"web\",\"engine\":\"exa\",\"max_results\":3},"
                        + "{\"id\":\"file-parser\",\"pdf\":{\"engine\":\"mistral-ocr\"}},{\"id\":\"response-healing\"},"
                        + "{\"id\":\"context-compression\",\"enabled\":false}]");
    }

    @Test
    void tools_of_openrouter_tell_what_they_found() {
        run(OptionsSamples::serverTools);

        assertThat(printed()).contains("url_citation", "1 searches");
        assertThat(simulator.requests().get(0).body())
                .contains("\"max_tool_calls\":5", "\"type\":\"max_cost\",\"max_cost_in_dollars\":0.05");
    }

    @Test
    void a_model_tells_its_thoughts() {
        run(OptionsSamples::reasoning);

        assertThat(printed()).containsPattern("[1-9]\\d* tokens of thought").doesNotContain("null");
        assertThat(simulator.requests().get(0).body()).contains("\"reasoning\":{\"max_tokens\":2000}");
    }

    @Test
    void a_long_text_is_written_to_the_cache_once_and_then_read() {
        run(portolan -> OptionsSamples.cacheMarks(portolan, "Turn the valve, then wait. ".repeat(400)));

        assertThat(printed()).containsPattern("^[1-9]\\d{3} tokens written\\R[1-9]\\d{3} tokens read");
    }

    @Test
    void a_repeated_request_is_free() {
        run(OptionsSamples::responseCache);

        assertThat(printed()).isEqualToIgnoringNewLines("$0, true");
    }

    @Test
    void a_reply_tells_who_answered_and_why() {
        run(OptionsSamples::metadata);

        assertThat(printed())
                .contains(
                        "OpenAI ended with stop",
                        "charged " + simulator.bill().total().toPlainString(),
                        "Endpoint[");
    }

    @Test
    void anything_goes_out_by_its_name() {
        run(portolan -> portolan.chat().complete(OptionsSamples.extra()));

        assertThat(simulator.requests().get(0).body()).contains("\"brand_new_option\":{\"level\":3}");
        assertThat(simulator.requests().get(0).header("X-Trial")).contains("yes");
    }

    @Test
    void what_was_not_sent_is_told() {
        run(OptionsSamples::warnings);

        assertThat(printed()).startsWith("cache_control: Removed from 1 place(s)");
    }

    @Test
    void the_account_tells_what_was_spent() {
        try (Portolan portolan = Portolan.load()) {
            ChatResponse reply = portolan.chat().complete(OptionsSamples.extra());

            OptionsSamples.account(portolan, String.valueOf(reply.id()));
        }

        assertThat(printed())
                .contains(
                        "spent this month, left: null",
                        "$" + simulator.bill().total().toPlainString() + " to OpenAI",
                        "google-ai-studio");
    }

    @Test
    void documents_are_put_in_order() {
        run(OptionsSamples::rerank);

        assertThat(printed()).startsWith("The lighthouse of Genoa is from 1543. $0.0");
    }

    @Test
    void what_was_spoken_is_written_down() throws IOException {
        try (Portolan portolan = Portolan.load()) {
            OptionsSamples.audio(portolan);
        }

        assertThat(printed()).isEqualToIgnoringNewLines("Cast off!");
    }

    @Test
    void the_body_of_a_curl_call_becomes_a_request() {
        run(OptionsSamples::json);

        assertThat(printed()).isEqualToIgnoringNewLines("true");
    }

    private String bodyOf(ChatRequest request) {
        try (Portolan portolan = Portolan.load()) {
            portolan.chat().complete(request);
        } catch (PortolanException refused) {
            assertThat(simulator.requests()).isNotEmpty(); // what it says to that is of no interest here
        }
        return simulator.requests().get(simulator.requests().size() - 1).body();
    }
}
