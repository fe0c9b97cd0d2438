package dev.portolan.api.spi;

import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.image.ImagePort;
import java.util.Optional;

/**
 * A source of models, made by a {@link ProviderFactory}. Thread-safe.
 */
public interface Provider extends AutoCloseable {
    /** The chat port, if this provider has models that chat. Always the same one. */
    default Optional<ChatPort> chat() {
        return Optional.empty();
    }

    /** The embedding port, if this provider has models that embed. Always the same one. */
    default Optional<EmbeddingPort> embeddings() {
        return Optional.empty();
    }

    /** The image port, if this provider has models that draw. Always the same one. */
    default Optional<ImagePort> images() {
        return Optional.empty();
    }

    /** The catalogue of this provider's models, if it has one. Always the same one. */
    default Optional<ModelCatalogPort> catalog() {
        return Optional.empty();
    }

    /** The books of this provider, if it has any that can be read. Always the same ones. */
    default Optional<BillingPort> billing() {
        return Optional.empty();
    }

    /** Ends the provider's threads and connections. Calls under way fail. Closing again does nothing. */
    @Override
    void close();
}
