package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The samples of README do what they say. */
class ReadmeSamplesTest extends SamplesTest {
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4YSMCRAwQCgAhfgRh5kKsPwAAAABJRU5ErkJggg==";

    @Test
    void a_whole_answer_tells_its_cost() {
        ReadmeSamples.complete();

        assertThat(printed()).endsWith("$" + simulator.bill().total().toPlainString() + System.lineSeparator());
    }

    @Test
    void a_stream_prints_text_as_it_comes_and_ends_with_its_reason() {
        run(ReadmeSamples::stream);

        assertThat(printed()).contains("STOP, $0.0000");
    }

    @Test
    void a_sink_is_told_who_spent_what() {
        ReadmeSamples.books();

        assertThat(printed())
                .isEqualToIgnoringNewLines("search: openrouter/openai/gpt-4o-mini, $"
                        + simulator.bill().total().toPlainString());
    }

    @Test
    void tools_are_called_and_answered() {
        run(ReadmeSamples::tools);

        assertThat(printed()).contains("get_weather{\"city\":\"Zürich\"}").contains("21");
    }

    @Test
    void a_reply_becomes_a_record() {
        run(ReadmeSamples::answers);

        assertThat(printed()).startsWith("Genoa: ");
    }

    @Test
    void a_loop_runs_the_tools_itself() {
        run(ReadmeSamples::looping);

        assertThat(printed()).contains("21 °C, clear").contains("2 rounds, $0.0000");
    }

    @Test
    void images_go_in_as_files_and_as_addresses() throws IOException {
        Files.write(Path.of("chart.png"), Base64.getDecoder().decode(PIXEL));

        run(ReadmeSamples::images);

        assertThat(simulator.requests().get(0).body())
                .contains("data:image/png;base64," + PIXEL)
                .contains("https://example.com/harbour.jpg");
    }

    @Test
    void options_of_openrouter_reach_the_wire_and_its_metadata_come_back() {
        run(ReadmeSamples::options);

        assertThat(simulator.requests().get(0).body())
                .contains("\"models\":[\"anthropic/claude-sonnet-4.5\"]")
                .contains("\"provider\":{\"data_collection\":\"deny\",\"sort\":\"throughput\"}")
                .contains("\"session_id\":\"order-4711\"")
                .contains("\"brand_new_option\":true");
        assertThat(printed()).contains("stop");
    }

    @Test
    void texts_that_mean_the_same_lie_close_together() {
        run(ReadmeSamples::embeddings);

        assertThat(printed()).startsWith("true").contains("tokens, $0.0000");
    }

    @Test
    void an_image_is_drawn_and_saved() throws IOException {
        try (Portolan portolan = Portolan.load()) {
            ReadmeSamples.painting(portolan);
        }

        assertThat(printed()).contains("image/png, $");
        assertThat(Path.of("sunset.png")).isNotEmptyFile();
    }

    @Test
    void models_are_listed_with_their_prices() {
        run(ReadmeSamples::catalog);

        assertThat(printed())
                .contains("openrouter/openai/gpt-4o-mini, 128000 tokens of context, a million going in: ~$0.15")
                .contains("~$0.00027");
    }

    @Test
    void the_sample_provider_is_used_by_its_prefix() {
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of()))
                .provider(new EchoProviderFactory())
                .build()) {
            String text = portolan.chat()
                    .complete(ChatRequest.builder("echo/anything").user("Ahoy").build())
                    .text();

            assertThat(text).isEqualTo("Ahoy");
        }
    }
}
