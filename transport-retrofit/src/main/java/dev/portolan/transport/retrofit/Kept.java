package dev.portolan.transport.retrofit;

import dev.portolan.api.Settings;
import dev.portolan.api.error.ConfigurationException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something of a server that is read when it is first asked for, and kept for a set time: one thread reads, the others wait
 * for it, since they would only ask for the same. Thread-safe.
 *
 * @param <T> what is kept
 */
public final class Kept<T> {
    private static final String CATALOG_TTL = "PORTOLAN_CATALOG_TTL";

    private final Duration timeToLive;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable T value;
    private Instant readAt = Instant.EPOCH;

    /**
     * Nothing yet.
     *
     * @param timeToLive how long what was read is kept
     */
    public Kept(Duration timeToLive, Clock clock) {
        this.timeToLive = timeToLive;
        this.clock = clock;
    }

    /**
     * How long the settings let a catalogue be kept: {@code PORTOLAN_CATALOG_TTL}, an hour by default.
     *
     * @throws ConfigurationException if it is not a duration
     */
    public static Duration catalogTimeToLive(Settings settings) {
        String text = settings.get(CATALOG_TTL).orElse("PT1H");
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new ConfigurationException(
                    CATALOG_TTL + " is not a duration: '" + text + "'; expected for example PT1H");
        }
    }

    /**
     * What is kept, or else what is read now.
     *
     * @param read reads it; is given what was kept until now, {@code null} if nothing was
     */
    public T get(Function<@Nullable T, T> read) {
        reading.lock();
        try {
            T known = value;
            if (known != null && clock.instant().isBefore(readAt.plus(timeToLive))) {
                return known;
            }
            T now = read.apply(known);
            value = now;
            readAt = clock.instant();
            return now;
        } finally {
            reading.unlock();
        }
    }
}
