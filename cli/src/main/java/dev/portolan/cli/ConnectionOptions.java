package dev.portolan.cli;

import dev.portolan.api.CallOptions;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where the call goes, and how. */
final class ConnectionOptions extends ServerOptions {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The longest the whole call may take: 500ms, 30s, 1m30s, 2h or PT30S.")
    @Nullable Duration timeout;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "An HTTP header to send; it replaces the library's own of that name. Repeatable.")
    List<String> headers = List.of();

    /**
     * The same for a request.
     *
     * @throws IllegalArgumentException if the URL or a header is not one
     */
    CallOptions callOptions() {
        URI url = baseUrl();
        Map<String, String> sent = new LinkedHashMap<>();
        NamedValues.each("--header", "NAME=VALUE", headers, sent::put);
        return new CallOptions(timeout, url, sent);
    }
}
