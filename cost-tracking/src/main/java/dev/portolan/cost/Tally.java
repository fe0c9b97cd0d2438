package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up calls by key and currency. Not thread-safe. */
final class Tally {
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private final Map<Row, Sums> rows =
            new TreeMap<>(Comparator.comparing(Row::key, Comparator.nullsFirst(Comparator.naturalOrder()))
                    .thenComparing(Row::currency));

    private record Row(@Nullable String key, String currency) {}

    /** What has been added up for one row so far. */
    static final class Sums {
        long calls;
        long unknown;
        long estimated;
        BigDecimal amount = BigDecimal.ZERO;
        BigInteger prompt = BigInteger.ZERO;
        BigInteger completion = BigInteger.ZERO;
        BigInteger total = BigInteger.ZERO;

        private Sums() {}

        private void add(Sums other) {
            calls += other.calls;
            unknown += other.unknown;
            estimated += other.estimated;
            amount = amount.add(other.amount);
            prompt = prompt.add(other.prompt);
            completion = completion.add(other.completion);
            total = total.add(other.total);
        }

        private void subtract(Sums other) {
            calls -= other.calls;
            unknown -= other.unknown;
            estimated -= other.estimated;
            amount = amount.subtract(other.amount);
            prompt = prompt.subtract(other.prompt);
            completion = completion.subtract(other.completion);
            total = total.subtract(other.total);
        }
    }

    Sums row(@Nullable String key, String currency) {
        return rows.computeIfAbsent(new Row(key, currency), row -> new Sums());
    }

    void add(@Nullable String key, CostEvent event) {
        Sums sums = row(key, event.cost().currency());
        sums.calls++;
        BigDecimal amount = event.cost().amount();
        if (amount == null) {
            sums.unknown++;
        } else {
            sums.amount = sums.amount.add(amount);
        }
        if (event.cost().source() == Cost.Source.ESTIMATED) {
            sums.estimated++;
        }
        sums.prompt = sums.prompt.add(BigInteger.valueOf(event.usage().promptTokens()));
        sums.completion = sums.completion.add(BigInteger.valueOf(event.usage().completionTokens()));
        sums.total = sums.total.add(BigInteger.valueOf(event.usage().totalTokens()));
    }

    void addAll(Tally other) {
        other.rows.forEach((row, sums) -> row(row.key, row.currency).add(sums));
    }

    /**
     * Adds to the row of a key, for each currency, what of a whole stands in no row yet.
     *
     * @param whole with one row for a currency
     */
    void addRest(@Nullable String key, Tally whole) {
        whole.rows.forEach((all, rest) -> {
            rows.forEach((row, part) -> {
                if (row.currency.equals(all.currency)) {
                    rest.subtract(part);
                }
            });
        });
        whole.rows.forEach((all, rest) -> {
            if (rest.calls > 0) {
                row(key, all.currency).add(rest);
            }
        });
    }

    List<Total> totals() {
        return rows.entrySet().stream()
                .map(row -> total(row.getKey(), row.getValue()))
                .toList();
    }

    private static Total total(Row row, Sums sums) {
        return new Total(
                row.key,
                row.currency,
                sums.calls,
                sums.unknown,
                sums.estimated,
                sums.amount,
                clamped(sums.prompt),
                clamped(sums.completion),
                clamped(sums.total));
    }

    private static long clamped(BigInteger count) {
        return count.max(MIN).min(MAX).longValueExact();
    }
}
