package dev.portolan.api;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one call is carried out, apart from what it asks: its time limit, its address, extra headers. Each value beats the
 * provider's own setting for this call only.
 *
 * @param timeout the longest the whole call may take, streaming included; {@code null} for the provider's default
 * @param baseUrl where to send the call instead of the provider's base URL; {@code null} for that URL
 * @param headers extra HTTP headers by name; each replaces the library's own header of that name, in whatever case it is
 *     written
 */
public record CallOptions(
        @Nullable Duration timeout, @Nullable URI baseUrl, Map<String, String> headers) {
    /** Nothing changed. */
    public static final CallOptions DEFAULT = new CallOptions(null, null, Map.of());

    /**
     * Checks and copies the values.
     *
     * @throws IllegalArgumentException if the timeout is not positive, or a header name or value could break out of its
     *     line (a control character) or is not ASCII
     */
    public CallOptions {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("timeout must be positive, found " + timeout);
        }
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        headers.forEach(CallOptions::checkHeader);
    }

    /** The same with another time limit for the whole call. */
    public CallOptions withTimeout(Duration newTimeout) {
        return new CallOptions(newTimeout, baseUrl, headers);
    }

    /** The same with another base URL, for example {@code http://127.0.0.1:4010/api/v1}. */
    public CallOptions withBaseUrl(URI newBaseUrl) {
        return new CallOptions(timeout, newBaseUrl, headers);
    }

    /** The same with one more header. */
    public CallOptions withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new CallOptions(timeout, baseUrl, more);
    }

    private static void checkHeader(String name, String value) {
        Objects.requireNonNull(name, "header name");
        Objects.requireNonNull(value, "header value");
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
            throw new IllegalArgumentException("Bad header name '" + name + "'; use ASCII letters, digits and '-'");
        }
        if (!value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t')) {
            throw new IllegalArgumentException(
                    "Bad value for header '" + name + "'; use printable ASCII without line breaks");
        }
    }

    /** Shows header names only: a value may be a secret. */
    @Override
    public String toString() {
        return "CallOptions[timeout=" + timeout + ", baseUrl=" + baseUrl + ", headers=" + headers.keySet() + "]";
    }
}
