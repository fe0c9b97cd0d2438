package dev.portolan.provider.openrouter.rerank;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents to be put in the order of their relevance to a question (OpenRouter reference: catalogue-and-account §7).
 *
 * @param model which model, for example {@code openrouter/cohere/rerank-v3.5}
 * @param query the question, not blank
 * @param documents the documents, at least one
 * @param topN how many to give back, at least 1; {@code null} for all
 * @param options routing preferences; {@code null} for none
 * @param call how the call is carried out
 */
public record RerankRequest(
        ModelId model,
        String query,
        List<String> documents,
        @Nullable Integer topN,
        @Nullable OpenRouterOptions options,
        CallOptions call) {
    /**
     * Checks and copies the parts.
     *
     * @throws IllegalArgumentException if the query is blank, there is no document, or {@code topN} is below 1
     */
    public RerankRequest {
        if (query.isBlank()) {
            throw new IllegalArgumentException("A rerank request needs a query that is not blank");
        }
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("A rerank request needs at least one document");
        }
        if (topN != null && topN < 1) {
            throw new IllegalArgumentException("top_n must be at least 1, found " + topN);
        }
        documents = List.copyOf(documents);
    }

    /** All documents, with default settings. */
    public static RerankRequest of(String model, String query, List<String> documents) {
        return new RerankRequest(ModelId.parse(model), query, documents, null, null, CallOptions.DEFAULT);
    }

    /** The same, for the {@code count} most relevant only. */
    public RerankRequest withTopN(int count) {
        return new RerankRequest(model, query, documents, count, options, call);
    }
}
