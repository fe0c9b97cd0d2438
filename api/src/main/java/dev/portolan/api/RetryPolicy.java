package dev.portolan.api;

import java.time.Duration;

/**
 * When a call that failed is made again. Only what can succeed without a change is tried again
 * ({@link dev.portolan.api.error.PortolanException#retryable()}), a stream only before its first event reached the caller,
 * and nothing beyond the time limit of the call.
 *
 * <p>The wait before the next attempt is what the server asks for, else it grows from {@code firstDelay} by half each time
 * up to {@code maxDelay}, and is varied at random by a quarter, so that many clients do not come back at once
 * (OpenRouter reference: errors §2, §6).
 *
 * @param maxAttempts how many attempts there are at most, the first one included; 3 by default, 1 for no retries
 * @param firstDelay the wait before the second attempt, unless the server asks for another; 500 ms by default
 * @param maxDelay the longest wait, whoever asks for it; 60 s by default. A server that asks for more is not asked again:
 *     a daily limit is not worth waiting for
 * @param maxTotal the longest that all attempts and waits may take before a last one begins; 5 minutes by default, zero
 *     for no limit
 * @param evenIfCharged whether to try again too when the failed attempt may have been carried out, and charged: the
 *     connection broke or fell silent after the request was sent. No by default, because there is no way to ask OpenRouter
 *     to count two requests as one
 */
public record RetryPolicy(
        int maxAttempts, Duration firstDelay, Duration maxDelay, Duration maxTotal, boolean evenIfCharged) {
    /** Up to three attempts. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(3, Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofMinutes(5), false);

    /** One attempt. */
    public static final RetryPolicy NONE = DEFAULT.withMaxAttempts(1);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no attempt, or a time is negative
     */
    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException(
                    "maxAttempts must be at least 1, found " + maxAttempts + "; 1 means no retries");
        }
        check("firstDelay", firstDelay);
        check("maxDelay", maxDelay);
        check("maxTotal", maxTotal);
    }

    /** The same with another number of attempts. */
    public RetryPolicy withMaxAttempts(int attempts) {
        return new RetryPolicy(attempts, firstDelay, maxDelay, maxTotal, evenIfCharged);
    }

    /** The same with other waits. */
    public RetryPolicy withDelays(Duration first, Duration max) {
        return new RetryPolicy(maxAttempts, first, max, maxTotal, evenIfCharged);
    }

    /** The same with another limit on the time of all attempts together. */
    public RetryPolicy withMaxTotal(Duration limit) {
        return new RetryPolicy(maxAttempts, firstDelay, maxDelay, limit, evenIfCharged);
    }

    /** The same, also for attempts that may have been charged. */
    public RetryPolicy evenIfCharged(boolean allowed) {
        return new RetryPolicy(maxAttempts, firstDelay, maxDelay, maxTotal, allowed);
    }

    private static void check(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, found " + time);
        }
    }
}
