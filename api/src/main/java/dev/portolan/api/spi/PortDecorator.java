package dev.portolan.api.spi;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.image.ImagePort;

/**
 * Wraps ports, to do something around every call of every provider: count, limit, cache, trace. What a decorator does not
 * override stays as it is. Found by {@link java.util.ServiceLoader} or given to
 * {@link dev.portolan.api.Portolan.Builder#decorator}.
 */
public interface PortDecorator {
    /** Where it stands: the decorator with the lowest number is the outermost, called first. Default 0. */
    default int order() {
        return 0;
    }

    /** Wraps the chat port; one object for blocking and streaming calls. */
    default ChatPort decorate(ChatPort port) {
        return port;
    }

    /** Wraps the embedding port. */
    default EmbeddingPort decorate(EmbeddingPort port) {
        return port;
    }

    /** Wraps the image port; one object for blocking and streaming calls. */
    default ImagePort decorate(ImagePort port) {
        return port;
    }
}
