package dev.portolan.api;

import dev.portolan.api.error.PortolanException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the provider's names of all that a call may be charged for, and notices if one of them is not known: what the others
 * cost together is not what the call cost then. Not thread-safe.
 */
public final class ChargedGenerations {
    private final Set<String> ids = new LinkedHashSet<>();
    private boolean complete = true;

    /** Of nothing so far. */
    public ChargedGenerations() {}

    /** Adds what was charged; empty if something was, and nobody knows its name. */
    public ChargedGenerations add(List<String> charged) {
        ids.addAll(charged);
        complete &= !charged.isEmpty();
        return this;
    }

    /** Adds the attempts that failed and may be charged. */
    public ChargedGenerations addFailed(List<Attempt> attempts) {
        for (Attempt attempt : attempts) {
            PortolanException failure = attempt.failure();
            if (failure != null && failure.mayBeCharged()) {
                add(failure.generationIds());
            }
        }
        return this;
    }

    /** Whether nothing was charged. */
    public boolean isEmpty() {
        return complete && ids.isEmpty();
    }

    /** The names, each once, in the order in which they were added; empty if one is not known. */
    public List<String> ids() {
        return complete ? List.copyOf(ids) : List.of();
    }
}
