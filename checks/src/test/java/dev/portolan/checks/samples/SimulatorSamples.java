package dev.portolan.checks.samples;

import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** The samples of {@code docs/simulator.md}, each between two marks. */
public final class SimulatorSamples {
    private SimulatorSamples() {}

    /** What is tested with the simulator. */
    public interface Service {
        void call(String baseUrl, String apiKey);
    }

    public static void simulated(Service service) {
        // sample: simulated
        try (OpenRouterSimulator simulator = OpenRouterSimulator.builder()
                .clock(Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC))
                .model(SimulatedModel.builder("acme/large")
                        .prices("0.000001", "0.000002") // dollars for a token in, and out
                        .contextLength(8_192)
                        .build())
                .start()) {
            service.call(simulator.baseUrl(), simulator.apiKey());

            SimulatorRequest asked = simulator.requests().get(0);
            System.out.println(asked.apiPath() + " " + asked.model().orElseThrow() + " " + asked.streaming());
            System.out.println(simulator.bill().total()); // exact, and equal to what the answers said
            simulator.reset(); // as after the start, for the next test
        }
        // end
    }

    public static void scripted(OpenRouterSimulator simulator) {
        // sample: faultScript
        simulator.faults().next(3, Fault.rateLimited(Duration.ofSeconds(2))); // each of the next three calls
        simulator.faults().on("/embeddings").always(Fault.delay(Duration.ofMillis(50)));
        simulator.faults().on(SimulatorRequest::streaming).next(Fault.parse("error-event events=3 status=429"));
        simulator
                .faults()
                .on("/chat/completions")
                .seeded(42, 0.1, Fault.everyKindThatEnds()); // a call in ten, in every way
        // end
    }
}
