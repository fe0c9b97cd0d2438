package dev.portolan.api.chat;

import org.jspecify.annotations.Nullable;

/** Range checks with one wording for all request fields; {@code null} means not set and always passes. */
final class Ranges {
    private Ranges() {}

    static void check(String field, @Nullable Double value, double min, double max) {
        if (value != null && !(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    field + " must be between " + plain(min) + " and " + plain(max) + ", found " + value);
        }
    }

    static void check(String field, @Nullable Integer value, int min, int max) {
        if (value != null && (value < min || value > max)) {
            String range = max == Integer.MAX_VALUE ? "at least " + min : "between " + min + " and " + max;
            throw new IllegalArgumentException(field + " must be " + range + ", found " + value);
        }
    }

    static void checkLength(String field, @Nullable String value, int max) {
        if (value != null && value.length() > max) {
            throw new IllegalArgumentException(
                    field + " must have at most " + max + " characters, found " + value.length());
        }
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
