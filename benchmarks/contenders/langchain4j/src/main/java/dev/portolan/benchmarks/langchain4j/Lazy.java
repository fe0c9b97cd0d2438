package dev.portolan.benchmarks.langchain4j;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model that is made when it is first used, since each is a client of its own here. */
final class Lazy<T> {
    private final Supplier<T> maker;
    private @Nullable T value;

    Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    synchronized T get() {
        T made = value;
        if (made == null) {
            made = maker.get();
            value = made;
        }
        return made;
    }
}
