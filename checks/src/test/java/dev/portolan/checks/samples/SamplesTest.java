package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of samples: the simulator is where the settings say, and what is printed is kept. */
abstract class SamplesTest {
    final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream standardOutput = System.out;

    @BeforeEach
    void start() {
        System.setProperty("OPENROUTER_API_KEY", simulator.apiKey());
        System.setProperty("OPENROUTER_API_BASE", simulator.baseUrl());
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(standardOutput);
        System.clearProperty("OPENROUTER_API_KEY");
        System.clearProperty("OPENROUTER_API_BASE");
        simulator.close();
    }

    /** What the sample has printed. */
    final String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    static void run(Consumer<Portolan> sample) {
        try (Portolan portolan = Portolan.load()) {
            sample.accept(portolan);
        }
    }
}
