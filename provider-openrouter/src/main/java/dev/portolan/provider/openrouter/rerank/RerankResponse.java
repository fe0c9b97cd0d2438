package dev.portolan.provider.openrouter.rerank;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents in the order of their relevance.
 *
 * @param id the generation's id; {@code null} if not told
 * @param model the model that answered
 * @param provider who ran it; {@code null} if not told
 * @param results the documents, the most relevant first
 * @param searchUnits what is charged for; 0 if not told
 * @param usage the tokens used
 * @param cost what it cost
 */
public record RerankResponse(
        @Nullable String id,
        String model,
        @Nullable String provider,
        List<Result> results,
        long searchUnits,
        Usage usage,
        Cost cost) {
    /** Copies the list. */
    public RerankResponse {
        results = List.copyOf(results);
    }

    /**
     * A document.
     *
     * @param index its place in the request, from 0
     * @param relevanceScore how relevant it is; higher is more, usually 0 to 1
     * @param document it again, as the server sent it back; {@code null} if it did not
     */
    public record Result(
            int index, double relevanceScore, @Nullable RawJson document) {}
}
