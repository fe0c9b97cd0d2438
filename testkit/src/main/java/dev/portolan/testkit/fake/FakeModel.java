package dev.portolan.testkit.fake;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model of a {@link FakeCatalog}. Immutable: each method gives another model. What is not set: text in and text out, no
 * parameters, no limits, no date, {@linkplain Pricing#UNKNOWN no prices}, and nobody who runs it.
 *
 * <pre>{@code
 * FakeModel.of("openrouter/openai/gpt-4o-mini")
 *         .withContext(128_000)
 *         .withInput("text", "image")
 *         .withParameters("tools", "temperature")
 *         .withPrice("0.00000015", "0.0000006")
 * }</pre>
 */
public final class FakeModel {
    private final ModelInfo info;
    private final List<ModelEndpoint> endpoints;

    private FakeModel(ModelInfo info, List<ModelEndpoint> endpoints) {
        this.info = info;
        this.endpoints = List.copyOf(endpoints);
    }

    /**
     * A model of this name.
     *
     * @param id {@code <provider>/<model>}
     * @throws IllegalArgumentException if the model id has another form
     */
    public static FakeModel of(String id) {
        ModelId parsed = ModelId.parse(id);
        return of(new ModelInfo(
                parsed,
                null,
                parsed.name(),
                "",
                null,
                null,
                null,
                List.of("text"),
                List.of("text"),
                List.of(),
                Pricing.UNKNOWN,
                Map.of()));
    }

    /** A model of which all is said. */
    public static FakeModel of(ModelInfo info) {
        return new FakeModel(info, List.of());
    }

    /** The same under this name for people. */
    public FakeModel withName(String name) {
        return with(draft -> draft.name = name);
    }

    /** The same with a permanent name, by which it is found too. */
    public FakeModel withCanonicalName(String name) {
        return with(draft -> draft.canonicalName = name);
    }

    /** The same, offered since then. */
    public FakeModel withCreated(Instant created) {
        return with(draft -> draft.created = created);
    }

    /** The same with a context of so many tokens. */
    public FakeModel withContext(long tokens) {
        return with(draft -> draft.contextLength = tokens);
    }

    /** The same with answers of at most so many tokens. */
    public FakeModel withMaxCompletion(long tokens) {
        return with(draft -> draft.maxCompletionTokens = tokens);
    }

    /** The same that takes these: {@code text image file audio video}. */
    public FakeModel withInput(String... modalities) {
        return with(draft -> draft.inputModalities = List.of(modalities));
    }

    /** The same that gives these: {@code text image audio embeddings}. */
    public FakeModel withOutput(String... modalities) {
        return with(draft -> draft.outputModalities = List.of(modalities));
    }

    /** The same that knows these request parameters, by their names on the wire. */
    public FakeModel withParameters(String... names) {
        return with(draft -> draft.supportedParameters = List.of(names));
    }

    /** The same at these prices of a token going in and one coming out, in US dollars. */
    public FakeModel withPrice(String prompt, String completion) {
        return withPricing(Pricing.of(new BigDecimal(prompt), new BigDecimal(completion)));
    }

    /** The same at these prices. */
    public FakeModel withPricing(Pricing pricing) {
        return with(draft -> draft.pricing = pricing);
    }

    /** The same, run by one more provider with the limits, parameters and prices that the model has so far. */
    public FakeModel withEndpoint(String provider) {
        return withEndpoint(new ModelEndpoint(
                provider,
                null,
                info.contextLength(),
                null,
                info.maxCompletionTokens(),
                null,
                info.supportedParameters(),
                info.pricing(),
                Map.of()));
    }

    /** The same, run by one more provider. */
    public FakeModel withEndpoint(ModelEndpoint endpoint) {
        List<ModelEndpoint> more = new ArrayList<>(endpoints);
        more.add(endpoint);
        return new FakeModel(info, more);
    }

    private FakeModel with(Consumer<Draft> change) {
        Draft draft = new Draft(info);
        change.accept(draft);
        return new FakeModel(draft.toInfo(), endpoints);
    }

    /** The model as a catalogue shows it. */
    public ModelInfo info() {
        return info;
    }

    /** Who runs it. */
    public List<ModelEndpoint> endpoints() {
        return endpoints;
    }

    private static final class Draft {
        private final ModelInfo from;
        private @Nullable String canonicalName;
        private String name;
        private @Nullable Instant created;
        private @Nullable Long contextLength;
        private @Nullable Long maxCompletionTokens;
        private List<String> inputModalities;
        private List<String> outputModalities;
        private List<String> supportedParameters;
        private Pricing pricing;

        Draft(ModelInfo from) {
            this.from = from;
            canonicalName = from.canonicalName();
            name = from.name();
            created = from.created();
            contextLength = from.contextLength();
            maxCompletionTokens = from.maxCompletionTokens();
            inputModalities = from.inputModalities();
            outputModalities = from.outputModalities();
            supportedParameters = from.supportedParameters();
            pricing = from.pricing();
        }

        ModelInfo toInfo() {
            return new ModelInfo(
                    from.id(),
                    canonicalName,
                    name,
                    from.description(),
                    created,
                    contextLength,
                    maxCompletionTokens,
                    inputModalities,
                    outputModalities,
                    supportedParameters,
                    pricing,
                    from.extras());
        }
    }
}
