package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a provider reads the books of one reply, and what it alone tells. Made for each reply; used by one thread. */
public interface ReplyNotes {
    /**
     * The name of what was made, by which the books tell calls apart: none is better than one that another reply has too. By
     * default what the reply says.
     *
     * @param told what the reply says; {@code null} if nothing
     * @return {@code null} if that is no such name; it is an extra then
     */
    default @Nullable String id(@Nullable String told) {
        return told;
    }

    /**
     * Reads {@code usage}.
     *
     * @param json the member; {@code null} if the reply has ended without one
     */
    Tally tally(@Nullable RawJson json);

    /** What only this provider tells, as far as it is known. */
    List<ProviderMetadata> metadata();
}
