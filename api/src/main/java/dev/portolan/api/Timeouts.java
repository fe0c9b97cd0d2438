package dev.portolan.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The four clocks of a call. Each is {@code null} where nothing is said about it, so that the provider's setting holds, and
 * zero where there shall be no limit.
 *
 * @param connect the longest it may take to reach the server
 * @param firstByte the longest from the request until the answer begins; a blocking answer begins when it is made
 * @param idle the longest that nothing may come once the answer has begun; a comment in a stream counts as life
 * @param call the longest for the whole call: all attempts, the waits between them, and a stream to its end
 */
public record Timeouts(
        @Nullable Duration connect,
        @Nullable Duration firstByte,
        @Nullable Duration idle,
        @Nullable Duration call) {
    /** Nothing said about any. */
    public static final Timeouts UNSET = new Timeouts(null, null, null, null);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Timeouts {
        check("connect", connect);
        check("firstByte", firstByte);
        check("idle", idle);
        check("call", call);
    }

    /** The same with another limit to reach the server. */
    public Timeouts withConnect(@Nullable Duration limit) {
        return new Timeouts(limit, firstByte, idle, call);
    }

    /** The same with another limit until the answer begins. */
    public Timeouts withFirstByte(@Nullable Duration limit) {
        return new Timeouts(connect, limit, idle, call);
    }

    /** The same with another limit of silence. */
    public Timeouts withIdle(@Nullable Duration limit) {
        return new Timeouts(connect, firstByte, limit, call);
    }

    /** The same with another limit for the whole call. */
    public Timeouts withCall(@Nullable Duration limit) {
        return new Timeouts(connect, firstByte, idle, limit);
    }

    /** These, and where nothing is said those. */
    public Timeouts or(Timeouts defaults) {
        return connect == null && firstByte == null && idle == null && call == null
                ? defaults
                : new Timeouts(
                        connect != null ? connect : defaults.connect,
                        firstByte != null ? firstByte : defaults.firstByte,
                        idle != null ? idle : defaults.idle,
                        call != null ? call : defaults.call);
    }

    private static void check(String name, @Nullable Duration limit) {
        if (limit != null && limit.isNegative()) {
            throw new IllegalArgumentException(
                    name + " must not be negative, found " + limit + "; zero means no limit");
        }
    }
}
