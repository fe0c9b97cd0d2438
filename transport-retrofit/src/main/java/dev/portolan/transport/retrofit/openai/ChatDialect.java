package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.transport.retrofit.Answer;

/** How a provider's chat differs from that of others. Thread-safe. */
public interface ChatDialect {
    /**
     * Maps a request; the parts that all have are in {@link ChatFields} and {@link MessageMapper}.
     *
     * @throws IllegalArgumentException if an extra has the name of a field that is set
     */
    WireCall map(ChatRequest request, boolean stream);

    /** What it reads in replies by itself; always the same object. */
    OwnMembers ownMembers();

    /**
     * Whether a stream must end with a finish reason and with {@code [DONE]} to be whole; if not, either is enough. By default it
     * must.
     */
    default boolean needsBothEnds() {
        return true;
    }

    /** For a reply that begins. */
    ChatNotes notes(Answer answer);
}
