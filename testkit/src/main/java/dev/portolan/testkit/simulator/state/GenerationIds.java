package dev.portolan.testkit.simulator.state;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of generations, counted so that a run can be repeated. */
public final class GenerationIds {
    private final AtomicLong last = new AtomicLong();

    public String next() {
        return String.format(Locale.ROOT, "gen-sim-%010d", last.incrementAndGet());
    }
}
