package dev.portolan.cost.budget;

import dev.portolan.api.Request;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.cost.Cost;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says before a call what it may cost: so much is put by for it. A budget can be overspent by as much as estimates are too low,
 * and turns calls away too early by as much as they are too high. {@link UpperEstimate} is the one that is used unless another
 * is set. Implementations are thread-safe.
 */
@FunctionalInterface
public interface CallEstimate {
    /**
     * What the call may cost at most.
     *
     * @param request what is to be asked
     * @param model what is known of its model: prices and limits; {@code null} if nothing is
     * @param when the time of the call, since prices can depend on the hour
     * @return US dollars; {@link Cost#UNKNOWN} if nobody can say. What this throws ends the call before anything is sent
     */
    Cost estimate(Request request, @Nullable ModelInfo model, Instant when);
}
