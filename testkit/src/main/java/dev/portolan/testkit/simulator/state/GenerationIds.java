package dev.portolan.testkit.simulator.state;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of generations: the numbers of their requests, so that a run can be repeated. */
public final class GenerationIds {
    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    public GenerationIds(String prefix) {
        this.prefix = prefix;
    }

    public String next() {
        return prefix + String.format(Locale.ROOT, "%010d", last.incrementAndGet());
    }
}
