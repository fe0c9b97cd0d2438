package dev.portolan.api.spi;

import dev.portolan.api.chat.ChatPort;
import java.util.Optional;

/**
 * A source of models, made by a {@link ProviderFactory}. Thread-safe.
 */
public interface Provider extends AutoCloseable {
    /** The chat port, if this provider has models that chat. Always the same one. */
    Optional<ChatPort> chat();

    /** Ends the provider's threads and connections. Calls under way fail. Closing again does nothing. */
    @Override
    void close();
}
