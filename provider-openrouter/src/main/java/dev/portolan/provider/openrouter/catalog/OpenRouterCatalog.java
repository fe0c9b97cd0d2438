package dev.portolan.provider.openrouter.catalog;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.transport.retrofit.Kept;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue over {@code /models}, kept for a set time. Where a copy of it is saved, and the server cannot be reached,
 * that is used instead, however old.
 */
public final class OpenRouterCatalog implements ModelCatalogPort {
    private static final ModelId ABOUT = new ModelId("openrouter", "models");

    private final OpenAiClient<OpenRouterApi> client;
    private final @Nullable SavedCatalog saved;
    private final Kept<List<ModelInfo>> models;

    /**
     * With this client.
     *
     * @param timeToLive how long what was read is kept
     * @param saved where a copy is kept; {@code null} for nowhere
     */
    public OpenRouterCatalog(
            OpenAiClient<OpenRouterApi> client, Duration timeToLive, @Nullable SavedCatalog saved, Clock clock) {
        this.client = client;
        this.saved = saved;
        this.models = new Kept<>(timeToLive, clock);
    }

    @Override
    public List<ModelInfo> models(ModelQuery query) {
        return query.select(all());
    }

    /** Finds variants, such as {@code :nitro}, that have no row of their own by their base model. */
    @Override
    public Optional<ModelInfo> model(ModelId id) {
        String name = ModelNames.onWire(id);
        int preset = name.indexOf("@preset/");
        String model = preset > 0 ? name.substring(0, preset) : name;
        return find(model).or(() -> {
            int variant = model.indexOf(':');
            return variant < 0 ? Optional.empty() : find(model.substring(0, variant));
        });
    }

    @Override
    public List<ModelEndpoint> endpoints(ModelId id) {
        String name = ModelNames.onWire(id);
        boolean draws = model(id)
                .map(model -> model.outputModalities().equals(List.of("image"))
                        && !model.pricing().isKnown())
                .orElse(false);
        try {
            return endpoints(id, (draws ? "images/models/" : "models/") + name + "/endpoints");
        } catch (NotFoundException e) {
            if (draws) {
                throw e;
            }
            return endpoints(id, "images/models/" + name + "/endpoints");
        }
    }

    private List<ModelEndpoint> endpoints(ModelId id, String path) {
        RawJson answer = client.get(id, CallOptions.DEFAULT, path, Map.of());
        return ModelDecoder.rows(answer, "endpoints").stream()
                .map(ModelDecoder::endpoint)
                .toList();
    }

    private Optional<ModelInfo> find(String name) {
        return all().stream()
                .filter(model -> model.id().name().equals(name) || name.equals(model.canonicalName()))
                .findFirst();
    }

    private List<ModelInfo> all() {
        return models.get(this::read);
    }

    /** If the server cannot be reached, what is known or saved is better than nothing; a bad key is not hidden by it. */
    private List<ModelInfo> read(@Nullable List<ModelInfo> known) {
        try {
            List<RawJson> rows = fetch();
            if (saved != null) {
                saved.write(rows);
            }
            return decode(rows);
        } catch (PortolanException e) {
            if (!e.retryable()) {
                throw e;
            }
            List<RawJson> copy = saved == null ? List.of() : saved.read();
            if (known != null) {
                return known;
            }
            if (copy.isEmpty()) {
                throw e;
            }
            return decode(copy);
        }
    }

    /** All models of all modalities; then those that only the lists of embedding and image models have. */
    private List<RawJson> fetch() {
        List<RawJson> rows = new ArrayList<>(pages("models", Map.of("output_modalities", "all")));
        rows.addAll(ModelDecoder.rows(orNothing("embeddings/models"), "models"));
        rows.addAll(ModelDecoder.rows(orNothing("images/models"), "models"));
        return rows;
    }

    /** The whole list, usually in one answer; otherwise each says where the next one is. */
    private List<RawJson> pages(String path, Map<String, String> parameters) {
        RawJson answer = client.get(ABOUT, CallOptions.DEFAULT, path, parameters);
        List<RawJson> rows = new ArrayList<>(ModelDecoder.rows(answer, "models"));
        Set<String> seen = new HashSet<>();
        String next = ModelDecoder.nextPage(answer);
        while (next != null && seen.add(next)) {
            answer = orNothing(next);
            rows.addAll(ModelDecoder.rows(answer, "models"));
            next = ModelDecoder.nextPage(answer);
        }
        return rows;
    }

    /** Servers that stand in for OpenRouter often have the first list only. */
    private RawJson orNothing(String path) {
        try {
            return client.get(ABOUT, CallOptions.DEFAULT, path, Map.of());
        } catch (NotFoundException none) {
            return RawJson.NULL;
        }
    }

    private static List<ModelInfo> decode(List<RawJson> rows) {
        Map<ModelId, ModelInfo> byId = new LinkedHashMap<>();
        rows.stream()
                .map(ModelDecoder::model)
                .filter(Objects::nonNull)
                .forEach(model -> byId.putIfAbsent(model.id(), model));
        return List.copyOf(byId.values());
    }
}
