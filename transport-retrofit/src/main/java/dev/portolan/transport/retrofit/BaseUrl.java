package dev.portolan.transport.retrofit;

import dev.portolan.api.error.ConfigurationException;
import java.net.URI;
import java.util.Locale;
import okhttp3.HttpUrl;

/** Checks the address of a server before a key is sent to it. */
final class BaseUrl {
    private BaseUrl() {}

    /**
     * The address with one slash at its end, as paths are appended to it.
     *
     * @throws ConfigurationException if it is not an http or https address, or is plain http to another host
     */
    static HttpUrl check(String provider, URI url, boolean allowPlainHttp) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        HttpUrl parsed = scheme.equals("http") || scheme.equals("https") ? HttpUrl.parse(url.toString()) : null;
        if (parsed == null || url.getRawAuthority() == null) {
            throw new ConfigurationException("The base URL of " + provider + " is '" + shown(url)
                    + "'; expected an http or https address, for example 'https://openrouter.ai/api/v1'");
        }
        if (!parsed.isHttps() && !allowPlainHttp && !isLoopback(parsed.host())) {
            throw new ConfigurationException("The base URL of " + provider + " is '" + shown(url)
                    + "': plain http would show the API key to the network. Use https, or allow plain http"
                    + " explicitly, with PORTOLAN_ALLOW_PLAIN_HTTP=true");
        }
        if (parsed.query() != null || parsed.fragment() != null) {
            throw new ConfigurationException(
                    "The base URL of " + provider + " must not have a query or fragment: '" + shown(url) + "'");
        }
        String path = parsed.encodedPath();
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return parsed.newBuilder().encodedPath(path.substring(0, end) + "/").build();
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("::1")
                || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }

    /** The address without what may be a password or a key: user info and query. */
    static String shown(URI url) {
        return url.toString().replaceAll("[?#].*", "?…").replaceAll("[^/]*@", "…@");
    }
}
