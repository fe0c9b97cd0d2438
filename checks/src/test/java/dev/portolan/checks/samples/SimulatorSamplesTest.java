package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.testkit.simulator.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The samples of docs/simulator.md do what they say. */
class SimulatorSamplesTest extends SamplesTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .getParent()
            .resolve("docs/simulator.md");

    @Test
    void a_simulator_tells_what_was_asked_and_what_it_cost() {
        AtomicReference<ChatResponse> reply = new AtomicReference<>();

        SimulatorSamples.simulated((baseUrl, apiKey) -> {
            Settings settings = Settings.of(Map.of("OPENROUTER_API_KEY", apiKey, "OPENROUTER_API_BASE", baseUrl));
            try (Portolan portolan = Portolan.load(settings)) {
                reply.set(portolan.chat()
                        .complete(ChatRequest.builder("openrouter/acme/large")
                                .user("Hello")
                                .build()));
            }
        });

        assertThat(printed().lines())
                .containsExactly(
                        "/chat/completions acme/large false",
                        String.valueOf(reply.get().cost().amount()));
    }

    @Test
    void faults_are_scripted_in_a_line_each() {
        SimulatorSamples.scripted(simulator);

        assertThat(simulator.faults().scripted()).hasSize(4);
        assertThat(simulator.faults().scripted().get(0)).isEqualTo("next 3: status 429 retry-after=2s");
    }

    /** Every fault that the tables show can be read, but for those with an ellipsis. */
    @Test
    void the_faults_of_the_page_are_faults() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .filter(line -> !line.startsWith("| `--"))
                .toList();
        int read = 0;
        for (String row : rows) {
            Matcher fault = Pattern.compile("`([^`]+)`").matcher(row.split("\\|", -1)[1]);
            while (fault.find()) {
                if (!fault.group(1).contains("…") && !fault.group(1).equals("stall")) {
                    assertThat(Fault.parse(fault.group(1))).isNotNull();
                    read++;
                }
            }
        }
        assertThat(read).isGreaterThan(25);
    }
}
