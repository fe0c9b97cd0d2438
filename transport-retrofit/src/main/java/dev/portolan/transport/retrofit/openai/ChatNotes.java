package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.spi.ChatAssembler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a provider alone reads in a chat reply, piece by piece as it comes. Made for each reply; used by one thread. */
public interface ChatNotes extends ReplyNotes {
    /**
     * Reads the value of a member of the reply, or of a chunk.
     *
     * @param name its place among the names {@linkplain OwnMembers#ofReply of the reply}
     */
    void ofReply(int name, JsonReader reader) throws IOException;

    /**
     * Reads the value of a member of an answer.
     *
     * @param name its place among the names {@linkplain OwnMembers#ofChoice of an answer}
     */
    void ofChoice(int name, JsonReader reader) throws IOException;

    /** Hands on the next piece of an answer's text. */
    void text(ChatAssembler assembler, int choice, @Nullable String text);

    /** Hands on what was kept back, since no more comes. */
    void end(ChatAssembler assembler);
}
