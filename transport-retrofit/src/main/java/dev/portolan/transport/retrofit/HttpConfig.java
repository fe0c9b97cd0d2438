package dev.portolan.transport.retrofit;

import dev.portolan.api.HttpHeader;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.Timeouts;
import dev.portolan.api.error.ConfigurationException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a provider is reached. Immutable; {@link #toString()} shows no header value, since one may be a key.
 *
 * @param provider the provider's name, for messages
 * @param baseUrl the address that paths are appended to, with or without a slash at its end
 * @param headers sent with every request, by name
 * @param timeouts the clocks of calls that set none of their own; see {@link #DEFAULT_TIMEOUTS}
 * @param retries when calls are made again that say nothing about it; {@link RetryPolicy#DEFAULT} by default
 * @param limits how large an answer may be
 * @param allowPlainHttp whether {@code http} may be used to other hosts than this one; no by default
 */
public record HttpConfig(
        String provider,
        URI baseUrl,
        Map<String, String> headers,
        Timeouts timeouts,
        RetryPolicy retries,
        Limits limits,
        boolean allowPlainHttp) {
    /**
     * 10 seconds to connect; 10 minutes until the answer begins, because a blocking answer begins when it is made; 5 minutes
     * of silence in it; no limit for the whole.
     */
    public static final Timeouts DEFAULT_TIMEOUTS =
            new Timeouts(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ZERO);

    private static final String CONNECT = "PORTOLAN_CONNECT_TIMEOUT";
    private static final String FIRST_BYTE = "PORTOLAN_FIRST_BYTE_TIMEOUT";
    private static final String IDLE = "PORTOLAN_IDLE_TIMEOUT";
    private static final String CALL = "PORTOLAN_CALL_TIMEOUT";
    private static final String ATTEMPTS = "PORTOLAN_MAX_ATTEMPTS";
    private static final String PLAIN_HTTP = "PORTOLAN_ALLOW_PLAIN_HTTP";

    /**
     * Copies the map, and fills in default clocks.
     *
     * @throws ConfigurationException if a header could smuggle in another
     */
    public HttpConfig {
        headers = Map.copyOf(headers);
        timeouts = timeouts.or(DEFAULT_TIMEOUTS);
        try {
            headers.forEach(HttpHeader::check);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("A header for " + provider + " is not acceptable: " + e.getMessage());
        }
    }

    /**
     * How large an answer may be, after it was unpacked.
     *
     * @param eventBytes the longest event of a stream
     * @param answerBytes the longest answer, and the longest stream without its comments
     */
    public record Limits(long eventBytes, long answerBytes) {
        /** 64 MiB for an event, enough for several large images, and 256 MiB for an answer. */
        public static final Limits DEFAULT = new Limits(64L << 20, 256L << 20);

        /**
         * Checks the limits.
         *
         * @throws IllegalArgumentException if one is below 1
         */
        public Limits {
            if (eventBytes < 1 || answerBytes < 1) {
                throw new IllegalArgumentException(
                        "Limits must be at least 1 byte, found " + eventBytes + ", " + answerBytes);
            }
        }
    }

    /** All defaults. */
    public static HttpConfig of(String provider, URI baseUrl, Map<String, String> headers) {
        return new HttpConfig(provider, baseUrl, headers, DEFAULT_TIMEOUTS, RetryPolicy.DEFAULT, Limits.DEFAULT, false);
    }

    /**
     * The same with what the settings say that are common to all providers: {@code PORTOLAN_CONNECT_TIMEOUT},
     * {@code PORTOLAN_FIRST_BYTE_TIMEOUT}, {@code PORTOLAN_IDLE_TIMEOUT} and {@code PORTOLAN_CALL_TIMEOUT} (durations such
     * as {@code PT30S}; {@code PT0S} for no limit), {@code PORTOLAN_MAX_ATTEMPTS}, {@code PORTOLAN_ALLOW_PLAIN_HTTP}.
     *
     * @throws ConfigurationException if one cannot be read; the message names it
     */
    public HttpConfig with(Settings settings) {
        Timeouts clocks = new Timeouts(
                duration(settings, CONNECT).orElse(timeouts.connect()),
                duration(settings, FIRST_BYTE).orElse(timeouts.firstByte()),
                duration(settings, IDLE).orElse(timeouts.idle()),
                duration(settings, CALL).orElse(timeouts.call()));
        RetryPolicy policy = read(
                        settings,
                        ATTEMPTS,
                        text -> retries.withMaxAttempts(Integer.parseInt(text)),
                        "a number of attempts, at least 1")
                .orElse(retries);
        boolean plainHttp = settings.get(PLAIN_HTTP).map(Boolean::parseBoolean).orElse(allowPlainHttp);
        return new HttpConfig(provider, baseUrl, headers, clocks, policy, limits, plainHttp);
    }

    private static Optional<Duration> duration(Settings settings, String name) {
        return read(settings, name, HttpConfig::duration, "a duration such as PT30S, or PT0S for no limit");
    }

    private static Duration duration(String text) {
        Duration duration = Duration.parse(text);
        if (duration.isNegative()) {
            throw new IllegalArgumentException("negative");
        }
        return duration;
    }

    private static <T> Optional<T> read(Settings settings, String name, Function<String, T> parser, String expected) {
        return settings.get(name).map(text -> {
            try {
                return parser.apply(text.strip());
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new ConfigurationException(name + " is '" + text + "'; expected " + expected);
            }
        });
    }

    /** The same, with {@code http} to any host allowed, or not. */
    public HttpConfig withPlainHttp(boolean allowed) {
        return new HttpConfig(provider, baseUrl, headers, timeouts, retries, limits, allowed);
    }

    /** The same, with other clocks; one that is {@code null} gets its default, zero turns it off. */
    public HttpConfig withTimeouts(Timeouts clocks) {
        return new HttpConfig(provider, baseUrl, headers, clocks, retries, limits, allowPlainHttp);
    }

    /** The same, with another policy for retries. */
    public HttpConfig withRetries(RetryPolicy policy) {
        return new HttpConfig(provider, baseUrl, headers, timeouts, policy, limits, allowPlainHttp);
    }

    /** The same, with other limits. */
    public HttpConfig withLimits(Limits newLimits) {
        return new HttpConfig(provider, baseUrl, headers, timeouts, retries, newLimits, allowPlainHttp);
    }

    @Override
    public String toString() {
        return "HttpConfig[" + provider + " at " + BaseUrl.shown(baseUrl) + ", headers " + headers.keySet() + "]";
    }
}
