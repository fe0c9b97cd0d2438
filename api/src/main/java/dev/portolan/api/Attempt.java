package dev.portolan.api;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call that may take several. The last one of a reply is the one that answered.
 *
 * @param model the model that was asked
 * @param delay how long was waited before it; zero for the first
 * @param failure how it failed; {@code null} if it answered
 */
public record Attempt(
        ModelId model, Duration delay, @Nullable PortolanException failure) {
    /** Checks that nothing is missing. */
    public Attempt {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(delay, "delay");
    }

    /** What it cost, if it failed; what an attempt that answered cost is the reply's own cost. */
    public Cost costOfFailure() {
        return failure == null ? Cost.NONE : failure.cost();
    }
}
