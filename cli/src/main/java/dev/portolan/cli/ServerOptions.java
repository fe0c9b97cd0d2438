package dev.portolan.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which server answers. */
class ServerOptions {
    @Option(names = "--offline", description = "Let the built-in simulator answer: no network, no key, no cost.")
    boolean offline;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "Where to send the call, such as http://127.0.0.1:4010/api/v1. Needs a key.")
    @Nullable String baseUrl;

    /**
     * The address that {@code --base-url} gives; {@code null} if it does not.
     *
     * @throws IllegalArgumentException if it is not an http or https URL
     */
    final @Nullable URI baseUrl() {
        if (baseUrl == null) {
            return null;
        }
        URI url;
        try {
            url = URI.create(baseUrl.strip());
        } catch (IllegalArgumentException e) {
            throw notAUrl(baseUrl);
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null) {
            throw notAUrl(baseUrl);
        }
        return url;
    }

    private static IllegalArgumentException notAUrl(String text) {
        return new IllegalArgumentException("--base-url: '" + text
                + "' is not an http or https URL; expected something like https://openrouter.ai/api/v1");
    }
}
