package dev.portolan.cost.report;

import dev.portolan.cost.Total;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Adds totals up to fewer ones. Exact, as the totals are. */
final class Sums {
    private static final Comparator<Row> BY_KEY = Comparator.comparing(
                    Row::key, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Row::currency);

    private Sums() {}

    private record Row(@Nullable String key, String currency) {}

    /** One total for each new key and currency, in the order of the keys; what has no key comes first. */
    static List<Total> by(UnaryOperator<@Nullable String> newKey, Stream<Total> totals) {
        Map<Row, Total> sums = new TreeMap<>(BY_KEY);
        totals.forEach(total -> {
            Row row = new Row(newKey.apply(total.key()), total.currency());
            sums.merge(row, withKey(row.key(), total), Sums::plus);
        });
        return List.copyOf(sums.values());
    }

    /** One total for each currency, with an empty key. */
    static List<Total> together(Stream<Total> totals) {
        return by(key -> "", totals);
    }

    static Total withKey(@Nullable String key, Total total) {
        return new Total(
                key,
                total.currency(),
                total.calls(),
                total.unknownCalls(),
                total.estimatedCalls(),
                total.amount(),
                total.promptTokens(),
                total.completionTokens(),
                total.totalTokens());
    }

    private static Total plus(Total one, Total other) {
        return new Total(
                one.key(),
                one.currency(),
                one.calls() + other.calls(),
                one.unknownCalls() + other.unknownCalls(),
                one.estimatedCalls() + other.estimatedCalls(),
                one.amount().add(other.amount()),
                plus(one.promptTokens(), other.promptTokens()),
                plus(one.completionTokens(), other.completionTokens()),
                plus(one.totalTokens(), other.totalTokens()));
    }

    /** As with a total itself, more than a {@code long} holds is the most that it holds. */
    private static long plus(long one, long other) {
        long sum = one + other;
        boolean overflowed = ((one ^ sum) & (other ^ sum)) < 0;
        return overflowed ? (one < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }
}
