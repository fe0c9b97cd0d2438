package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.transport.retrofit.Answer;

/** How a provider's embeddings differ from those of others. Thread-safe. */
public interface EmbeddingDialect {
    /**
     * Maps a request; the parts that all have are in {@link EmbeddingFields}.
     *
     * @throws IllegalArgumentException if an input cannot be embedded, or an extra has the name of a field that is set
     */
    WireCall map(EmbeddingRequest request);

    /** For a reply that begins. */
    ReplyNotes notes(Answer answer);
}
