package dev.portolan.transport.retrofit;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * How a provider is reached. Immutable; {@link #toString()} shows no header value, since one may be a key.
 *
 * @param provider the provider's name, for messages
 * @param baseUrl the address that paths are appended to, with or without a slash at its end
 * @param headers sent with every request, by name
 * @param connectTimeout the longest it may take to reach the server; 10 seconds by default
 * @param idleTimeout the longest the server may send nothing; 5 minutes by default. Comments in a stream count as life
 * @param callTimeout the longest a whole call may take; zero, the default, for no limit
 * @param allowPlainHttp whether {@code http} may be used to other hosts than this one; no by default
 * @param maxEventBytes the longest event of a stream; 64 MiB by default, enough for several large images
 */
public record HttpConfig(
        String provider,
        URI baseUrl,
        Map<String, String> headers,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration callTimeout,
        boolean allowPlainHttp,
        long maxEventBytes) {
    /** Copies the map. */
    public HttpConfig {
        headers = Map.copyOf(headers);
    }

    /** All defaults. */
    public static HttpConfig of(String provider, URI baseUrl, Map<String, String> headers) {
        return new HttpConfig(
                provider,
                baseUrl,
                headers,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ZERO,
                false,
                64L << 20);
    }

    /** The same, with {@code http} to any host allowed, or not. */
    public HttpConfig withPlainHttp(boolean allowed) {
        return new HttpConfig(
                provider, baseUrl, headers, connectTimeout, idleTimeout, callTimeout, allowed, maxEventBytes);
    }

    /** The same, with other clocks; zero turns one off. */
    public HttpConfig withTimeouts(Duration connect, Duration idle, Duration call) {
        return new HttpConfig(provider, baseUrl, headers, connect, idle, call, allowPlainHttp, maxEventBytes);
    }

    @Override
    public String toString() {
        return "HttpConfig[" + provider + " at " + BaseUrl.shown(baseUrl) + ", headers " + headers.keySet() + "]";
    }
}
