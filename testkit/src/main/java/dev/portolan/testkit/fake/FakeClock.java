package dev.portolan.testkit.fake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still until it is moved: by the test, with {@link #advance}, or by a fake that has a delay. A fake never
 * sleeps: where it would wait ten seconds, it moves its clock by ten seconds and goes on at once. So a test needs no second
 * thread, and the time that a call took can be read off the clock. Calls that are made at once add up on it.
 *
 * <p>It is a {@link Clock}, to be given to the code under test too. Thread-safe.
 */
public final class FakeClock extends Clock {
    private final Instant start;
    private Instant now;

    private FakeClock(Instant start) {
        this.start = start;
        this.now = start;
    }

    /** A clock that stands at the beginning of 2026, UTC. */
    public FakeClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A clock that stands at this instant. */
    public static FakeClock at(Instant start) {
        return new FakeClock(start);
    }

    /**
     * Moves the clock.
     *
     * @throws IllegalArgumentException if {@code time} is negative
     */
    public synchronized void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("A clock cannot go back, found " + time);
        }
        now = now.plus(time);
    }

    /** How far it was moved since it was made. */
    public synchronized Duration elapsed() {
        return Duration.between(start, now);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** The same clock, seen from another zone: it moves with this one. */
    @Override
    public Clock withZone(ZoneId zone) {
        FakeClock clock = this;
        return new Clock() {
            @Override
            public Instant instant() {
                return clock.instant();
            }

            @Override
            public ZoneId getZone() {
                return zone;
            }

            @Override
            public Clock withZone(ZoneId other) {
                return clock.withZone(other);
            }
        };
    }

    @Override
    public String toString() {
        return "FakeClock[" + instant() + "]";
    }
}
