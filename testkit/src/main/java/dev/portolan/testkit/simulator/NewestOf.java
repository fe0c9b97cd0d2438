package dev.portolan.testkit.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.ToLongFunction;

/** What came last, so that a simulator that runs for days does not fill the memory. Thread-safe. */
final class NewestOf<T> {
    private final int most;
    private final long mostCharacters;
    private final ToLongFunction<T> characters;
    private final Deque<T> kept = new ArrayDeque<>();
    private long charactersKept;
    private long dropped;

    /** Takes how many are kept, and how long they may be together; the very last one may be longer. */
    NewestOf(int most, long mostCharacters, ToLongFunction<T> characters) {
        this.most = most;
        this.mostCharacters = mostCharacters;
        this.characters = characters;
    }

    synchronized void add(T value) {
        kept.add(value);
        charactersKept += characters.applyAsLong(value);
        while (kept.size() > most || (charactersKept > mostCharacters && kept.size() > 1)) {
            charactersKept -= characters.applyAsLong(kept.remove());
            dropped++;
        }
    }

    synchronized List<T> all() {
        return List.copyOf(kept);
    }

    synchronized long dropped() {
        return dropped;
    }

    synchronized void clear() {
        kept.clear();
        charactersKept = 0;
        dropped = 0;
    }
}
