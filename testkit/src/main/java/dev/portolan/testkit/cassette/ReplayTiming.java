package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.ClientLine;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How fast a cassette answers: before the status, and between the pieces of a stream. Immutable. */
public final class ReplayTiming {
    private final double factor;
    private final @Nullable Consumer<Duration> instead;

    private ReplayTiming(double factor, @Nullable Consumer<Duration> instead) {
        this.factor = factor;
        this.instead = instead;
    }

    /**
     * Without any pause. The default.
     *
     * @return the timing
     */
    public static ReplayTiming atOnce() {
        return new ReplayTiming(0, null);
    }

    /**
     * As fast as it was recorded.
     *
     * @return the timing
     */
    public static ReplayTiming recorded() {
        return scaled(1);
    }

    /**
     * With pauses of another length than was recorded.
     *
     * @param factor what to multiply them by, 0 or more: 0.1 is ten times as fast
     * @return the timing
     * @throws IllegalArgumentException if the factor is negative or no number
     */
    public static ReplayTiming scaled(double factor) {
        if (!(factor >= 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("the factor must be 0 or more but is " + factor);
        }
        return new ReplayTiming(factor, null);
    }

    /**
     * This timing, but where it would wait, something else is done, such as moving a fake clock.
     *
     * @param pausing is given each pause that is longer than zero, by the thread that serves the client
     * @return the timing
     */
    public ReplayTiming pausingBy(Consumer<Duration> pausing) {
        return new ReplayTiming(factor, Objects.requireNonNull(pausing, "pausing"));
    }

    void pause(Duration recorded, ClientLine line) throws IOException {
        Duration pause = Duration.ofMillis(Math.round(recorded.toMillis() * factor));
        if (pause.isZero()) {
            return;
        }
        if (instead != null) {
            instead.accept(pause);
        } else {
            line.pause(pause);
        }
    }
}
