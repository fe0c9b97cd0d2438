package dev.portolan.cost.signal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the values of one tag few: those that come after the limit are one. Thread-safe. */
final class FewValues {
    private final int limit;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private volatile boolean full;

    FewValues(int limit) {
        this.limit = limit;
    }

    /** The value itself, or {@link Convention#OTHER} if it is one too many. */
    String of(String value) {
        return known.contains(value) || admits(value) ? value : Convention.OTHER;
    }

    private boolean admits(String value) {
        if (full) {
            return false;
        }
        synchronized (this) {
            if (known.size() < limit) {
                known.add(value);
            }
            full = known.size() >= limit;
            return known.contains(value);
        }
    }
}
