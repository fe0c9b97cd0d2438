package dev.portolan.api;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one call is carried out, apart from what it asks. Each value beats the provider's own setting for this call only.
 *
 * @param timeouts the clocks of the call
 * @param retries when it is made again; {@code null} for the provider's policy
 * @param baseUrl where to send the call instead of the provider's base URL; {@code null} for that URL
 * @param headers extra HTTP headers by name; each replaces the library's own header of that name, in whatever case it is
 *     written
 * @param tags on whose account the call is, for ledgers and budgets, such as {@code team} and its name; never sent
 */
public record CallOptions(
        Timeouts timeouts,
        @Nullable RetryPolicy retries,
        @Nullable URI baseUrl,
        Map<String, String> headers,
        Map<String, String> tags) {
    /** Nothing changed. */
    public static final CallOptions DEFAULT = new CallOptions(Timeouts.UNSET, null, null, Map.of(), Map.of());

    /**
     * Checks and copies the values.
     *
     * @throws IllegalArgumentException if a header name or value could break out of its line (a control character) or is
     *     not ASCII, or a tag is blank
     */
    public CallOptions {
        Objects.requireNonNull(timeouts, "timeouts");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        headers.forEach(HttpHeader::check);
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        tags.forEach(CallOptions::checkTag);
    }

    /** The longest the whole call may take, streaming included; {@code null} for the provider's default. */
    public @Nullable Duration timeout() {
        return timeouts.call();
    }

    /**
     * The same with another time limit for the whole call.
     *
     * @throws IllegalArgumentException if it is negative; zero means no limit
     */
    public CallOptions withTimeout(@Nullable Duration newTimeout) {
        return withTimeouts(timeouts.withCall(newTimeout));
    }

    /** The same with other clocks. */
    public CallOptions withTimeouts(Timeouts newTimeouts) {
        return new CallOptions(newTimeouts, retries, baseUrl, headers, tags);
    }

    /** The same with another policy for retries. */
    public CallOptions withRetries(@Nullable RetryPolicy newRetries) {
        return new CallOptions(timeouts, newRetries, baseUrl, headers, tags);
    }

    /** The same with another base URL, for example {@code http://127.0.0.1:4010/api/v1}. */
    public CallOptions withBaseUrl(@Nullable URI newBaseUrl) {
        return new CallOptions(timeouts, retries, newBaseUrl, headers, tags);
    }

    /** The same with one more header. */
    public CallOptions withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new CallOptions(timeouts, retries, baseUrl, more, tags);
    }

    /** The same on one more account. */
    public CallOptions withTag(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(tags);
        more.put(name, value);
        return new CallOptions(timeouts, retries, baseUrl, headers, more);
    }

    private static void checkTag(String name, String value) {
        if (name.isBlank() || value.isBlank()) {
            throw new IllegalArgumentException(
                    "A tag needs a name and a value that are not blank, found '" + name + "' = '" + value + "'");
        }
    }

    /** Shows header names only: a value may be a secret. */
    @Override
    public String toString() {
        return "CallOptions[timeouts=" + timeouts + ", retries=" + retries + ", baseUrl=" + baseUrl + ", headers="
                + headers.keySet() + ", tags=" + tags + "]";
    }
}
