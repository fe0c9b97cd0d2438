package dev.portolan.api.cost;

import dev.portolan.api.ModelId;
import java.util.Objects;
import java.util.Optional;

/**
 * Knows what past calls were billed for: asked when a call's own reply did not tell, as with a stream that was cancelled or
 * broke before its usage came. Implementations are thread-safe.
 */
public interface BillingPort {
    /**
     * What the provider's books say of a generation.
     *
     * @param model the model that was asked; its provider is the one whose books are read
     * @param generationId the provider's name of what was made
     * @return empty if the books have no record of it, or none yet: they are written with a delay
     * @throws dev.portolan.api.error.ConfigurationException if the provider has no books that can be read
     * @throws dev.portolan.api.error.PortolanException if they cannot be read at present
     */
    Optional<Bill> find(ModelId model, String generationId);

    /**
     * What a generation was billed for.
     *
     * @param cost what the caller pays in all; unknown if the record is there but does not say
     * @param usage the tokens, as far as they are told
     */
    record Bill(Cost cost, Usage usage) {
        /** Checks that nothing is missing. */
        public Bill {
            Objects.requireNonNull(cost, "cost");
            Objects.requireNonNull(usage, "usage");
        }
    }
}
