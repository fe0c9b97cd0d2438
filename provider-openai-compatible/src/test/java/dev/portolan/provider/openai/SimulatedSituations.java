package dev.portolan.provider.openai;

import dev.portolan.api.Settings;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.contract.Situation;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The provider on a simulator that can be brought into the situations of a contract; anew for each test. */
final class SimulatedSituations implements BeforeEachCallback, AfterEachCallback {
    static final String KEY = "sk-0123456789abcdef0123456789abcdef";

    private OpenRouterSimulator simulator;
    private Provider provider;

    @Override
    public void beforeEach(ExtensionContext context) {
        simulator = OpenRouterSimulator.builder().apiKey(KEY).start();
        provider = provider(KEY);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        provider.close();
        simulator.close();
    }

    Provider provider() {
        return provider;
    }

    OpenRouterSimulator simulator() {
        return simulator;
    }

    /** The provider in a situation that all ports share. */
    Optional<Provider> in(Situation situation) {
        switch (situation) {
            case WRONG_KEY -> {
                provider.close();
                provider = provider(Situation.KEY_THAT_IS_WRONG);
            }
            case SERVER_AWAY -> simulator.close();
            case UNKNOWN_MODEL -> {}
            case RATE_LIMITED -> always(Fault.rateLimited(Situation.WAIT));
            case SERVER_FAILS -> always(Fault.status(500));
            case SILENT_ANSWER -> always(Fault.stall());
            case SILENT_STREAM -> always(Fault.stallAfterEvents(3));
            case STREAM_CUT -> always(Fault.cutAfterEvents(3));
            case STREAM_ERROR -> always(Fault.errorEvent(3));
            case NO_USAGE -> always(Fault.noUsage());
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(provider);
    }

    private void always(Fault fault) {
        simulator.faults().always(fault);
    }

    private Provider provider(String key) {
        return OpenAiCompatible.named("local")
                .baseUrl(simulator.baseUrl())
                .apiKey(key)
                .build()
                .create(Settings.of(Map.of()));
    }
}
