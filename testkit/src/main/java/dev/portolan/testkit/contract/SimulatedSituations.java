package dev.portolan.testkit.contract;

import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A provider on an {@link OpenRouterSimulator} that can be brought into every {@link Situation}, both anew for each test: all that
 * the contract test of a provider needs whose server speaks OpenRouter's or OpenAI's API.
 *
 * <pre>
 * class AcmeChatTest extends ChatPortContract {
 *     &#64;RegisterExtension
 *     final SimulatedSituations acme = new SimulatedSituations((baseUrl, key) -&gt;
 *             new AcmeProviderFactory().create(Settings.of(Map.of("ACME_URL", baseUrl, "ACME_KEY", key))));
 *
 *     protected ChatPort port() {
 *         return acme.provider().chat().orElseThrow();
 *     }
 *
 *     protected ModelId model() {
 *         return ModelId.parse("acme/openai/gpt-4o-mini");
 *     }
 *
 *     protected Optional&lt;ChatPort&gt; portIn(Situation situation) {
 *         return acme.providerIn(situation).chat();
 *     }
 *
 *     protected List&lt;String&gt; secrets() {
 *         return List.of(SimulatedSituations.KEY);
 *     }
 * }
 * </pre>
 */
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public final class SimulatedSituations implements BeforeEachCallback, AfterEachCallback {
    /** The only key that the simulator takes; no failure may show it. */
    public static final String KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";

    private static final int EVENTS_BEFORE_A_BREAK = 3;

    private final BiFunction<String, String, Provider> making;
    private @Nullable OpenRouterSimulator simulator;
    private @Nullable Provider provider;

    /**
     * To be registered in a field of each test.
     *
     * @param provider makes one that sends its calls to a base URL, with a key
     */
    public SimulatedSituations(BiFunction<String, String, Provider> provider) {
        this.making = provider;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        simulator = OpenRouterSimulator.builder().apiKey(KEY).start();
        provider = withKey(KEY);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        provider().close();
        simulator().close();
    }

    private OpenRouterSimulator simulator() {
        return Objects.requireNonNull(simulator, "There is a simulator only while a test runs");
    }

    /** The provider of this test. */
    public Provider provider() {
        return Objects.requireNonNull(provider, "There is a provider only while a test runs");
    }

    /** The provider, which is in this situation until the test ends. */
    public Provider providerIn(Situation situation) {
        switch (situation) {
            case WRONG_KEY -> {
                provider().close();
                provider = withKey(Situation.KEY_THAT_IS_WRONG);
            }
            case SERVER_AWAY -> simulator().close();
            case RATE_LIMITED -> always(Fault.rateLimited(Situation.WAIT));
            case NO_CREDIT -> always(Fault.status(402));
            case PROMPT_TOO_LONG -> always(refusal("The prompt is too long", "context_length_exceeded"));
            case PROMPT_REFUSED -> always(refusal("The prompt was flagged", "content_policy_violation"));
            case INVALID_REQUEST -> always(Fault.status(400));
            case SERVER_FAILS -> always(Fault.status(500));
            case SILENT_ANSWER -> always(Fault.stall());
            case SILENT_STREAM -> always(Fault.stallAfterEvents(EVENTS_BEFORE_A_BREAK));
            case STREAM_CUT -> always(Fault.cutAfterEvents(EVENTS_BEFORE_A_BREAK));
            case STREAM_ERROR -> always(Fault.errorEvent(EVENTS_BEFORE_A_BREAK));
            case NO_USAGE -> always(Fault.noUsage());
            case BATCH_FAILS ->
                simulator()
                        .faults()
                        .on(request -> simulator().requests().size() == 2)
                        .always(Fault.status(500));
            case UNKNOWN_MODEL, TOOL_CALL -> {} // as the simulator is anyway
        }
        return provider();
    }

    /** As OpenRouter writes it (OpenRouter reference: errors §1 A and §3). */
    private static Fault refusal(String message, String type) {
        return Fault.answer(400, "application/json", """
                {"error": {"code": 400, "message": "%s", "metadata": {"error_type": "%s"}}}""".formatted(message, type));
    }

    private void always(Fault fault) {
        simulator().faults().always(fault);
    }

    private Provider withKey(String key) {
        return making.apply(simulator().baseUrl(), key);
    }
}
