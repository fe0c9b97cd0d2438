package dev.portolan.api.spi;

import dev.portolan.api.chat.ChatPort;

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
}
