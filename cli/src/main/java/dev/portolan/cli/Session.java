package dev.portolan.cli;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.cost.LedgerException;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link Portolan} for one command, and the simulator behind it if the command runs offline. */
final class Session implements AutoCloseable {
    /** The provider that the simulator stands in for. */
    static final String SIMULATED_PROVIDER = "openrouter";

    private static final String KEY = "OPENROUTER_API_KEY";
    private static final String SECOND_KEY = "OR_API_KEY";
    private static final String BASE = "OPENROUTER_API_BASE";

    private static final List<String> NO_KEY = List.of(
            "OPENROUTER_API_KEY is not set, so the built-in simulator answers, not a model.",
            "To ask real models: export OPENROUTER_API_KEY=…  (--offline does without this notice)");

    private final Function<Settings, Portolan> opener;
    private final Settings settings;
    private final ServerOptions server;
    private final Terminal terminal;
    private final LedgerLog ledgerLog = LedgerLog.listen();
    private Portolan portolan;
    private @Nullable BuiltInSimulator simulator;

    private Session(Function<Settings, Portolan> opener, Settings settings, ServerOptions server, Terminal terminal) {
        this.opener = opener;
        this.settings = settings;
        this.server = server;
        this.terminal = terminal;
        // Which ledger is known when the model is.
        this.portolan = opener.apply(LedgerPlace.nowhere(settings));
    }

    /** The settings for calls to another address. */
    static Settings withBaseUrl(Settings settings, URI url) {
        return settings.with(BASE, url.toString());
    }

    /**
     * Calls go where the settings say and are not written down, until a model is {@linkplain #choose chosen}.
     *
     * @param terminal is told, at the end, if a call could not be written down
     * @throws IllegalArgumentException if the options contradict each other
     */
    static Session open(
            Function<Settings, Portolan> opener, Settings settings, ServerOptions server, Terminal terminal) {
        if (server.offline && server.baseUrl != null) {
            throw new IllegalArgumentException("--offline and --base-url exclude each other; give one");
        }
        return new Session(opener, settings, server, terminal);
    }

    /**
     * From now on calls go to where this model is: to the built-in simulator if it stands in for it, which then ends with
     * the session. They are written down in the ledger for such calls.
     *
     * @throws IllegalArgumentException if the simulator is asked for and cannot stand in
     */
    void choose(ModelId model) {
        if (server.offline
                && portolan.providers().contains(model.provider())
                && !model.provider().equals(SIMULATED_PROVIDER)) {
            throw new IllegalArgumentException(
                    "--offline simulates the provider '" + SIMULATED_PROVIDER + "' only; the model is '" + model + "'");
        }
        if (isSimulated(model.provider())) {
            startSimulator(ledger(true));
        } else if (portolan.providers().contains(model.provider())) {
            portolan.close();
            portolan = opener.apply(ledger(false));
        }
    }

    private Settings ledger(boolean simulated) {
        LedgerPlace place = LedgerPlace.of(settings, simulated);
        try {
            place.makeFolder();
        } catch (LedgerException told) {
            // It is told with the record that cannot be written.
        }
        return place.settings();
    }

    /** The same, for what is no call of a model, and not written down. */
    void chooseProvider(String provider) {
        if (isSimulated(provider)) {
            startSimulator(LedgerPlace.nowhere(settings));
        }
    }

    /** Of a provider that there is not, the library says what there is. */
    private boolean isSimulated(String provider) {
        return provider.equals(SIMULATED_PROVIDER)
                && portolan.providers().contains(provider)
                && (server.offline || isUnconfigured());
    }

    private void startSimulator(Settings withLedger) {
        portolan.close();
        BuiltInSimulator started = BuiltInSimulator.start();
        simulator = started;
        portolan = opener.apply(withLedger.with(KEY, started.apiKey()).with(BASE, started.baseUrl()));
    }

    /** Whether there are providers that the simulator does not stand in for. */
    boolean hasOtherProviders() {
        return portolan.providers().size() > 1;
    }

    /** The options of a call of this model, marked if its ledger holds both calls that are paid for and simulated ones. */
    CallOptions accounted(CallOptions call, ModelId model) {
        return isSimulated(model.provider()) && LedgerPlace.of(settings, true).isShared()
                ? call.withTag(LedgerPlace.SIMULATED_TAG, "true")
                : call;
    }

    /**
     * Whether nobody has said where to call: neither key is set, and no base URL, which would show that a certain server is
     * meant.
     */
    private boolean isUnconfigured() {
        return server.baseUrl == null && isUnconfigured(settings);
    }

    /** The same, as far as the settings go. */
    static boolean isUnconfigured(Settings settings) {
        return settings.get(KEY).isEmpty()
                && settings.get(SECOND_KEY).isEmpty()
                && settings.get(BASE).isEmpty();
    }

    /** What to tell whoever did not ask for the simulator, line by line; empty if there is nothing to tell. */
    List<String> notice() {
        return simulator == null || server.offline ? List.of() : NO_KEY;
    }

    Portolan portolan() {
        return portolan;
    }

    /**
     * The failure of a call to this model, as the command line sees it: a provider that there is not was mistyped, and is
     * no matter of configuration.
     */
    RuntimeException failure(ModelId model, ConfigurationException failed) {
        return portolan.providers().contains(model.provider())
                ? failed
                : new IllegalArgumentException(failed.getMessage(), failed);
    }

    @Override
    public void close() {
        try {
            portolan.close();
            ledgerLog.notices().forEach(terminal::errLine);
        } finally {
            ledgerLog.close();
            if (simulator != null) {
                simulator.close();
            }
        }
    }
}
