package dev.portolan.api.embedding;

import dev.portolan.api.Attempt;
import dev.portolan.api.ChargedGenerations;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.Warning;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a request's inputs.
 *
 * @param ids the provider's names of the generations, one for each batch; those that were not told are left out
 * @param model the model that answered; empty if not told
 * @param provider who ran the model; {@code null} if not told
 * @param embeddings the vectors, in the order of the inputs
 * @param usage the tokens of all batches together
 * @param cost the cost of all batches together; unknown if that of any is, failed ones included
 * @param warnings what could not be honoured as asked
 * @param attempts the attempts it took, the last of which answered; empty if the provider does not tell
 * @param metadata what only the provider tells
 * @param extras further members of the reply by their name on the wire
 */
public record EmbeddingResponse(
        List<String> ids,
        String model,
        @Nullable String provider,
        List<Embedding> embeddings,
        Usage usage,
        Cost cost,
        List<Warning> warnings,
        List<Attempt> attempts,
        List<ProviderMetadata> metadata,
        Map<String, RawJson> extras)
        implements Reply {
    /** Copies the collections. */
    public EmbeddingResponse {
        ids = List.copyOf(ids);
        embeddings = List.copyOf(embeddings);
        warnings = List.copyOf(warnings);
        attempts = List.copyOf(attempts);
        metadata = List.copyOf(metadata);
        extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }

    @Override
    public EmbeddingResponse withAttempts(List<Attempt> newAttempts) {
        return new EmbeddingResponse(
                ids, model, provider, embeddings, usage, cost, warnings, newAttempts, metadata, extras);
    }

    /** The name of the first generation; {@code null} if none was told. */
    @Override
    public @Nullable String id() {
        return ids.isEmpty() ? null : ids.get(0);
    }

    @Override
    public List<String> generationIds() {
        return new ChargedGenerations().add(ids).addFailed(attempts).ids();
    }

    /** Always: one for each batch. */
    @Override
    public boolean ofSeveralCalls() {
        return true;
    }

    /**
     * The vector of the input at this place.
     *
     * @throws IndexOutOfBoundsException if there is no such input
     */
    public float[] vector(int index) {
        return embeddings.get(index).vector();
    }
}
