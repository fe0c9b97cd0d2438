package dev.portolan.transport.retrofit;

import java.util.Random;

/** Runs a property with many random values; the message of a failure names the seed that shows it again. */
final class Seeds {
    private Seeds() {}

    /** A property of random values. */
    interface Property {
        void check(Random random) throws Exception;
    }

    /** Checks {@code property} with the seeds 0 to {@code count - 1}. */
    static void each(int count, Property property) {
        for (long seed = 0; seed < count; seed++) {
            try {
                property.check(new Random(seed));
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("With seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }
}
