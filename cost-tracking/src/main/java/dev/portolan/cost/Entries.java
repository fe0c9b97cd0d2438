package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all ledgers agree on: which events are entries, and in which order they stand. */
final class Entries {
    static final Comparator<CostEvent> OLDEST_FIRST =
            Comparator.comparing((CostEvent event) -> event.timing().started()).thenComparing(CostEvent::callId);

    private static final int LONGEST_ID = 500;
    private static final int MOST_DIGITS = 1000;
    private static final long NANOS = 1_000_000_000L;
    private static final Instant FIRST = Instant.parse("1678-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2262-01-01T00:00:00Z");
    private static final Duration LONGEST = Duration.ofDays(100_000);

    private Entries() {}

    /**
     * The event as it can be written down, and read back equal.
     *
     * @throws IllegalArgumentException if it cannot
     */
    static CostEvent checked(CostEvent event) {
        if (event.callId().isBlank() || event.callId().length() > LONGEST_ID) {
            throw new IllegalArgumentException("The call id of a cost event has "
                    + event.callId().length() + " characters; expected 1 to " + LONGEST_ID + ", not all blank");
        }
        check(event.callId(), event.cost());
        Timing timing = event.timing();
        if (timing.started().isBefore(FIRST) || !timing.started().isBefore(LAST)) {
            throw new IllegalArgumentException(
                    "Call " + event.callId() + " began at " + timing.started() + "; expected the years 1678 to 2261");
        }
        check(event.callId(), timing.latency());
        check(event.callId(), timing.firstToken());
        AnsweredBy by = event.answeredBy();
        List<String> ids = by.generationIds().stream()
                .filter(id -> !id.isBlank() && id.length() <= LONGEST_ID)
                .distinct()
                .toList();
        return ids.equals(by.generationIds())
                ? event
                : new CostEvent(
                        event.callId(),
                        event.operation(),
                        event.model(),
                        new AnsweredBy(by.model(), by.upstream(), ids),
                        event.tags(),
                        event.usage(),
                        event.cost(),
                        timing,
                        event.outcome());
    }

    /** Whether the cost of an entry may be replaced by a better one. */
    static boolean isOpen(CostEvent entry) {
        return entry.cost().source() != Cost.Source.REPORTED;
    }

    static boolean isUnsettled(CostEvent entry) {
        return !entry.cost().isKnown() && !entry.answeredBy().generationIds().isEmpty();
    }

    /**
     * The entry with what the call did cost.
     *
     * @throws IllegalArgumentException if that is not known
     */
    static CostEvent settled(CostEvent entry, Cost cost, Usage usage) {
        return new CostEvent(
                entry.callId(),
                entry.operation(),
                entry.model(),
                entry.answeredBy(),
                entry.tags(),
                usage.isReported() ? usage : entry.usage(),
                cost,
                entry.timing(),
                entry.outcome());
    }

    static void checkSettlement(String callId, Cost cost) {
        if (!cost.isKnown()) {
            throw new IllegalArgumentException(
                    "Call " + callId + " cannot be settled with an unknown cost; leave it unsettled");
        }
        check(callId, cost);
    }

    static long nanos(Instant time) {
        if (time.isBefore(FIRST)) {
            return Long.MIN_VALUE;
        }
        return time.isBefore(LAST) ? time.getEpochSecond() * NANOS + time.getNano() : Long.MAX_VALUE;
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }

    /** In UTC. */
    static String day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static void check(String callId, Cost cost) {
        BigDecimal amount = cost.amount();
        if (amount != null && (amount.precision() > MOST_DIGITS || Math.abs((long) amount.scale()) > MOST_DIGITS)) {
            throw new IllegalArgumentException("The cost of call " + callId + " has " + amount.precision()
                    + " digits and the scale " + amount.scale() + "; expected at most " + MOST_DIGITS + " of both");
        }
    }

    private static void check(String callId, @Nullable Duration duration) {
        if (duration != null && duration.abs().compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Call " + callId + " took " + duration + "; expected at most " + LONGEST.toDays() + " days");
        }
    }
}
