package dev.portolan.cost;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up calls by two keys and currency. Not thread-safe. */
final class CrossTally {
    private final Map<Row, Tally> rows =
            new TreeMap<>(Comparator.comparing(Row::key, Comparator.nullsFirst(Comparator.naturalOrder())));

    private record Row(@Nullable String key) {}

    Tally row(@Nullable String key) {
        return rows.computeIfAbsent(new Row(key), row -> new Tally());
    }

    List<CrossTotal> totals() {
        return rows.entrySet().stream()
                .flatMap(row -> row.getValue().totals().stream()
                        .map(total -> new CrossTotal(row.getKey().key(), total)))
                .toList();
    }
}
