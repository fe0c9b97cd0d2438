package dev.portolan.resilience;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** One value for each key, for the keys used last. Thread-safe. */
final class LatestKeys<V> {
    /** Far more than there are models of any provider; a bound for keys that never end, such as end users. */
    static final int MAX_KEYS = 10_000;

    private final Map<Object, V> values;
    private final Function<Object, V> make;

    LatestKeys(int maxKeys, Function<Object, V> make) {
        this.make = make;
        this.values = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, V> eldest) {
                return size() > maxKeys;
            }
        };
    }

    V get(Object key) {
        Objects.requireNonNull(key, "key of the scope");
        synchronized (values) {
            return values.computeIfAbsent(key, make);
        }
    }
}
