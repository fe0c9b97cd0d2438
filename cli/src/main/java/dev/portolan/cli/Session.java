package dev.portolan.cli;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link Portolan} for one command, and the simulator behind it if the command runs offline. */
final class Session implements AutoCloseable {
    /** The provider that the simulator stands in for. */
    static final String SIMULATED_PROVIDER = "openrouter";

    private static final String KEY = "OPENROUTER_API_KEY";
    private static final String SECOND_KEY = "OR_API_KEY";
    private static final String BASE = "OPENROUTER_API_BASE";

    private final Function<Settings, Portolan> opener;
    private final Settings settings;
    private Portolan portolan;
    private @Nullable BuiltInSimulator simulator;

    private Session(Function<Settings, Portolan> opener, Settings settings) {
        this.opener = opener;
        this.settings = settings;
        this.portolan = opener.apply(settings);
    }

    /** Calls go where the settings say. */
    static Session open(Function<Settings, Portolan> opener, Settings settings) {
        return new Session(opener, settings);
    }

    /** From now on calls to OpenRouter go to the built-in simulator, which ends with the session. */
    void startSimulator() {
        portolan.close();
        BuiltInSimulator started = BuiltInSimulator.start();
        simulator = started;
        portolan = opener.apply(settings.with(KEY, started.apiKey()).with(BASE, started.baseUrl()));
    }

    /**
     * Whether nobody has said where to call: neither key is set, and no base URL, which would show that a certain server is
     * meant.
     */
    static boolean isUnconfigured(Settings settings) {
        return settings.get(KEY).isEmpty()
                && settings.get(SECOND_KEY).isEmpty()
                && settings.get(BASE).isEmpty();
    }

    Portolan portolan() {
        return portolan;
    }

    @Override
    public void close() {
        portolan.close();
        if (simulator != null) {
            simulator.close();
        }
    }
}
