package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a provider reads the books of one reply, and what it alone tells. Made for each reply; used by one thread. */
public interface ReplyNotes {
    /**
     * Reads {@code usage}.
     *
     * @param json the member; {@code null} if the reply has ended without one
     */
    Tally tally(@Nullable RawJson json);

    /** What only this provider tells, as far as it is known. */
    List<ProviderMetadata> metadata();
}
