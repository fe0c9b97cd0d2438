package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.testkit.cassette.Cassette;
import dev.portolan.testkit.cassette.CassetteMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The samples of docs/record-and-replay.md do what they say, with the simulator in the place of the provider. */
class CassetteSamplesTest extends SamplesTest {
    @TempDir
    private Path folder;

    @Test
    void a_recording_answers_when_the_provider_is_gone() {
        Path file = folder.resolve("greeting.json");
        String recorded = record(file, hello("1"));
        simulator.close();

        CassetteSamples.recorded(file, hello("1"));

        assertThat(printed().strip()).isEqualTo(recorded.strip());
    }

    @Test
    void what_is_ignored_may_differ() {
        Path file = folder.resolve("greeting.json");
        String recorded = record(file, hello("1"));
        simulator.close();

        try (Cassette cassette = CassetteSamples.settings(file).open()) {
            assertThat(answer(cassette, hello("2"))).isEqualTo(recorded);
        }
    }

    @Test
    void a_test_has_a_file_of_its_own(TestInfo test) {
        Path file = folder.resolve("CassetteSamplesTest/a_test_has_a_file_of_its_own.json");
        String recorded = record(file, hello("1"));
        simulator.close();

        try (Cassette cassette = CassetteSamples.perTest(folder, test)) {
            assertThat(answer(cassette, hello("1"))).isEqualTo(recorded);
        }
    }

    private String record(Path file, ChatRequest question) {
        try (Cassette cassette = Cassette.builder(file, simulator.baseUrl())
                .mode(CassetteMode.RECORD)
                .open()) {
            return answer(cassette, question);
        }
    }

    private static String answer(Cassette cassette, ChatRequest question) {
        try (Portolan portolan =
                Portolan.load(Settings.fromEnvironment().with("OPENROUTER_API_BASE", cassette.baseUrl()))) {
            return portolan.chat().complete(question).text();
        }
    }

    private static ChatRequest hello(String trace) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .extra("trace_id", trace)
                .build();
    }
}
