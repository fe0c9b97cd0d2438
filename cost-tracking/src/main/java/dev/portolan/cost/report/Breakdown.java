package dev.portolan.cost.report;

import dev.portolan.cost.Grouping;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By what a report adds calls up: by what a ledger groups, and by the weeks and months that its days make up. Known by a name
 * that people write: {@code model}, {@code month}, {@code tag:team}. Immutable.
 */
public final class Breakdown {
    /** By the model that was asked: {@code openrouter/google/gemini-2.5-flash}. */
    public static final Breakdown MODEL = new Breakdown("model", Grouping.MODEL, key -> key);

    /** By the provider that was asked: {@code openrouter}. */
    public static final Breakdown PROVIDER = new Breakdown("provider", Grouping.PROVIDER, key -> key);

    /** By who ran the model for the provider: {@code OpenAI}; no key if not told. */
    public static final Breakdown UPSTREAM = new Breakdown("upstream", Grouping.UPSTREAM, key -> key);

    /** By the day on which the call began, in UTC: {@code 2026-01-31}. */
    public static final Breakdown DAY = new Breakdown("day", Grouping.DAY, key -> key);

    /** By the week, from Monday, as ISO 8601 numbers them, in UTC: {@code 2026-W05}. */
    public static final Breakdown WEEK = new Breakdown("week", Grouping.DAY, Breakdown::week);

    /** By the month, in UTC: {@code 2026-01}. */
    public static final Breakdown MONTH = new Breakdown("month", Grouping.DAY, Breakdown::month);

    /** By what was done: {@code chat}, {@code embedding} or {@code image}. */
    public static final Breakdown OPERATION = new Breakdown("operation", Grouping.OPERATION, Breakdown::lower);

    /** By how the call ended: {@code completed}, {@code failed} or {@code cancelled}. */
    public static final Breakdown OUTCOME = new Breakdown("outcome", Grouping.OUTCOME, Breakdown::lower);

    private static final List<Breakdown> NAMED =
            List.of(MODEL, PROVIDER, UPSTREAM, DAY, WEEK, MONTH, OPERATION, OUTCOME);
    private static final String TAG = "tag:";

    private final String name;
    private final Grouping grouping;
    private final UnaryOperator<@Nullable String> keys;

    private Breakdown(String name, Grouping grouping, UnaryOperator<@Nullable String> keys) {
        this.name = name;
        this.grouping = grouping;
        this.keys = keys;
    }

    /**
     * By the value of a tag; no key for calls without it.
     *
     * @param name of the tag, such as {@code team}
     */
    public static Breakdown tag(String name) {
        return new Breakdown(TAG + Objects.requireNonNull(name, "name"), Grouping.tag(name), key -> key);
    }

    /**
     * The one of that name, in any case; tags as {@code tag:team}.
     *
     * @throws IllegalArgumentException if there is none; the message lists them
     */
    public static Breakdown parse(String text) {
        String word = text.strip();
        if (word.toLowerCase(Locale.ROOT).startsWith(TAG) && word.length() > TAG.length()) {
            return tag(word.substring(TAG.length()));
        }
        return NAMED.stream()
                .filter(breakdown -> breakdown.name.equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not one of "
                        + Stream.concat(NAMED.stream().map(Breakdown::name), Stream.of("tag:NAME"))
                                .collect(Collectors.joining(", "))));
    }

    /** Totals added up, one for each currency, in the order of these; their key is empty. */
    public static List<Total> together(List<Total> totals) {
        return Sums.together(totals.stream());
    }

    /** As people write it. */
    public String name() {
        return name;
    }

    /** Whether its keys are times, which are best left in their order. */
    public boolean isTime() {
        return grouping == Grouping.DAY;
    }

    /**
     * What the calls that match cost, added up exactly for each key and currency, in the order of the keys; calls that have no
     * key come first.
     *
     * @throws dev.portolan.cost.LedgerException if the ledger cannot be read
     */
    public List<Total> totals(Ledger ledger, LedgerQuery query) {
        return fold(ledger.totals(grouping, query).stream());
    }

    /** From totals by the ledger's grouping to those by this. */
    List<Total> fold(Stream<Total> totals) {
        return Sums.by(keys, totals);
    }

    /** The key of a day, if this is a time. */
    String keyOfDay(String day) {
        return Objects.requireNonNull(keys.apply(day), "key");
    }

    private static @Nullable String week(@Nullable String day) {
        if (day == null) {
            return null;
        }
        LocalDate date = LocalDate.parse(day);
        return String.format(
                Locale.ROOT,
                "%04d-W%02d",
                date.get(IsoFields.WEEK_BASED_YEAR),
                date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    private static @Nullable String month(@Nullable String day) {
        return day == null ? null : day.substring(0, day.lastIndexOf('-'));
    }

    private static @Nullable String lower(@Nullable String word) {
        return word == null ? null : word.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Breakdown breakdown && breakdown.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
