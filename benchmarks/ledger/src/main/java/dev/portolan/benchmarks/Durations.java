package dev.portolan.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** How long something took, many times. */
final class Durations {
    private final long[] nanos;

    Durations(long[] nanos) {
        this.nanos = nanos.clone();
        Arrays.sort(this.nanos);
    }

    double millis(double quantile) {
        return nanos[(int) Math.min(nanos.length - 1L, Math.round(quantile * nanos.length))] / 1e6;
    }

    /** For a table. */
    static String shown(double millis) {
        return String.format(Locale.ROOT, Math.abs(millis) < 10 ? "%.3f ms" : "%.0f ms", millis);
    }
}
