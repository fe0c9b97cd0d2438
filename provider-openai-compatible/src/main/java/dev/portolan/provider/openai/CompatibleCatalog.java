package dev.portolan.provider.openai;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.transport.retrofit.Kept;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models over {@code GET /models}, kept for a set time. Such lists tell names, some also a length of context; prices and
 * abilities are unknown. A server without a list has an empty one.
 */
final class CompatibleCatalog implements ModelCatalogPort {
    private final String provider;
    private final OpenAiClient<?> client;
    private final Kept<List<ModelInfo>> models;

    CompatibleCatalog(String provider, OpenAiClient<?> client, Duration timeToLive, Clock clock) {
        this.provider = provider;
        this.client = client;
        this.models = new Kept<>(timeToLive, clock);
    }

    @Override
    public List<ModelInfo> models(ModelQuery query) {
        return query.select(models.get(this::read));
    }

    /** Ollama lists {@code llama3.2:latest} and answers to {@code llama3.2}, Gemini lists {@code models/gemini-…}. */
    @Override
    public Optional<ModelInfo> model(ModelId id) {
        List<ModelInfo> all = models.get(this::read);
        return named(all, id.name())
                .or(() -> named(all, id.name() + ":latest"))
                .or(() -> named(all, "models/" + id.name()));
    }

    private static Optional<ModelInfo> named(List<ModelInfo> all, String name) {
        return all.stream().filter(model -> model.id().name().equals(name)).findFirst();
    }

    /** Who runs a model behind the server is not told. */
    @Override
    public List<ModelEndpoint> endpoints(ModelId id) {
        if (model(id).isEmpty()) {
            throw new NotFoundException(
                    provider + " does not list the model '" + id.name() + "'. Choose another model.",
                    ErrorDetails.NONE.withModel(id));
        }
        return List.of();
    }

    private List<ModelInfo> read(@Nullable List<ModelInfo> known) {
        try {
            RawJson answer = client.get(new ModelId(provider, "models"), CallOptions.DEFAULT, "models", Map.of());
            return rows(answer).stream()
                    .map(this::model)
                    .filter(Objects::nonNull)
                    .toList();
        } catch (NotFoundException none) {
            return List.of();
        } catch (PortolanException e) {
            if (known == null || !e.retryable()) {
                throw e;
            }
            return known;
        }
    }

    /** Together's answer is the list itself. */
    private static List<RawJson> rows(RawJson answer) {
        RawJson data = JsonTree.members(answer).get("data");
        return JsonTree.elements(data == null ? answer : data);
    }

    private @Nullable ModelInfo model(RawJson json) {
        Map<String, RawJson> row = JsonTree.members(json);
        String id = JsonTree.text(row.remove("id"));
        if (id == null || id.isBlank()) {
            return null;
        }
        return new ModelInfo(
                new ModelId(provider, id.strip()),
                null,
                id.strip(),
                "",
                JsonTree.value(row.remove("created"), Lenient::epochSecond),
                contextLength(row),
                null,
                List.of(),
                List.of(),
                List.of(),
                Pricing.UNKNOWN,
                row);
    }

    /** Under the names that vLLM, Groq, Mistral and others, and llama.cpp give it. */
    private static @Nullable Long contextLength(Map<String, RawJson> row) {
        Map<String, RawJson> meta = JsonTree.members(row.get("meta"));
        return Stream.of(
                        row.get("context_length"),
                        row.get("max_model_len"),
                        row.get("context_window"),
                        row.get("max_context_length"),
                        meta.get("n_ctx"),
                        meta.get("n_ctx_train"))
                .map(json -> JsonTree.value(json, Lenient::whole))
                .filter(length -> length != null && length > 0)
                .findFirst()
                .orElse(null);
    }
}
