package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.fault.StandardErrors;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a model cannot be had: an error in the availability form (OpenRouter reference: errors §1 B and §5). Immutable.
 *
 * @param code such as {@code capacity_exhausted}; it sets the status and the error type
 * @param retryable what {@code availability.retryable} says
 * @param retryAfter what {@code retry_after} and the header {@code Retry-After} say, rounded up to whole seconds
 * @param fallbackModels what {@code fallback_models} says; left out if empty
 */
public record Unavailability(
        String code, boolean retryable, Optional<Duration> retryAfter, List<String> fallbackModels) {
    /** Checks that the code is known and the duration is not negative. */
    public Unavailability {
        Objects.requireNonNull(retryAfter, "retryAfter");
        StandardErrors.checkCode(code);
        retryAfter.ifPresent(StandardErrors::checkNotNegative);
        fallbackModels = List.copyOf(fallbackModels);
    }

    /**
     * The code with what the OpenRouter reference (errors §5) says of it.
     *
     * @param code one of the codes of the OpenRouter reference (errors §5)
     * @return retryable for {@code capacity_exhausted} and {@code temporarily_unavailable}; without hints
     * @throws IllegalArgumentException if there is no such code
     */
    public static Unavailability of(String code) {
        return new Unavailability(code, StandardErrors.retryable(code), Optional.empty(), List.of());
    }

    /**
     * Changes what is said about trying again.
     *
     * @param value whether it is worth it
     * @return a new value
     */
    public Unavailability retryable(boolean value) {
        return new Unavailability(code, value, retryAfter, fallbackModels);
    }

    /**
     * Adds a hint when to try again.
     *
     * @param wait zero or more, sent in whole seconds, rounded up
     * @return a new value
     * @throws IllegalArgumentException if it is negative
     */
    public Unavailability retryAfter(Duration wait) {
        return new Unavailability(code, retryable, Optional.of(wait), fallbackModels);
    }

    /**
     * Adds a hint what to use instead.
     *
     * @param models ids of models
     * @return a new value
     */
    public Unavailability fallbackModels(String... models) {
        return new Unavailability(code, retryable, retryAfter, List.of(models));
    }
}
