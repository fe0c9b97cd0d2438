package dev.portolan.api;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the replies of all ports have in common. Implementations are immutable. */
public interface Reply {
    /** The provider's name for this generation; {@code null} if it gave none. */
    @Nullable String id();

    /** The model that answered, as the provider names it; empty if not told. */
    String model();

    /** The tokens used. */
    Usage usage();

    /** What it cost. */
    Cost cost();

    /** What could not be honoured as asked. */
    List<Warning> warnings();

    /**
     * The attempts it took, in order; the last one answered. Empty if the provider does not tell.
     */
    List<Attempt> attempts();

    /** The same reply, reached by these attempts. */
    Reply withAttempts(List<Attempt> attempts);

    /** What all attempts cost together; unknown if one may have been charged and nobody says how much. */
    default Cost totalCost() {
        Cost total = cost();
        for (Attempt attempt : attempts()) {
            total = attempt.failure() == null ? total : total.plus(attempt.costOfFailure());
        }
        return total;
    }

    /**
     * The provider's names of all that the call may be charged for, by which {@link #totalCost} can be asked for later: of this
     * reply, and of failed attempts that may be charged.
     *
     * @return empty if one of them is not known
     */
    default List<String> generationIds() {
        String own = id();
        return new ChargedGenerations()
                .addFailed(attempts())
                .add(own == null ? List.of() : List.of(own))
                .ids();
    }

    /**
     * Whether several calls brought this. What had arrived of it tells what was spent then, also when the call that failed was
     * refused.
     */
    default boolean ofSeveralCalls() {
        return false;
    }

    /** What only the provider tells. */
    List<ProviderMetadata> metadata();

    /** Further members of the reply by their name on the wire. */
    Map<String, RawJson> extras();

    /** What the provider alone tells, as this class, if it is there. */
    default <T extends ProviderMetadata> Optional<T> metadata(Class<T> type) {
        return metadata().stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
