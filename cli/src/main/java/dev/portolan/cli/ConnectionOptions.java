package dev.portolan.cli;

import dev.portolan.api.CallOptions;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where the call goes, and how. */
final class ConnectionOptions extends ServerOptions {
    /** Who sits in front of a terminal is told of a longer wait rather than made to wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The longest the whole call may take, with all attempts: 500ms, 30s, 1m30s, 2h or PT30S.")
    @Nullable Duration timeout;

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The longest it may take to reach the server. Default: 10s.")
    @Nullable Duration connectTimeout;

    @Option(
            names = "--first-byte-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The longest until the answer begins. Default: 10m.")
    @Nullable Duration firstByteTimeout;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The longest silence in the middle of an answer. Default: 5m.")
    @Nullable Duration idleTimeout;

    @Option(
            names = "--retries",
            paramLabel = "COUNT",
            description = "How often to try again what may succeed within some seconds; 0 for never. Default: 2.")
    int retries = 2;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "An HTTP header to send; it replaces the library's own of that name. Repeatable.")
    List<String> headers = List.of();

    @Option(
            names = "--tag",
            paramLabel = "NAME=VALUE",
            description =
                    "On whose account the call is, such as team=search, for 'portolan costs' and budgets. It is not "
                            + "sent. Repeatable.")
    List<String> tags = List.of();

    /**
     * The same for a request.
     *
     * @throws IllegalArgumentException if the URL, a header or a tag is not one, or the retries are negative
     */
    CallOptions callOptions() {
        URI url = baseUrl();
        Map<String, String> sent = new LinkedHashMap<>();
        NamedValues.each("--header", "NAME=VALUE", headers, sent::put);
        Map<String, String> accounts = new LinkedHashMap<>();
        NamedValues.each("--tag", "NAME=VALUE", tags, accounts::put);
        return new CallOptions(
                new Timeouts(connectTimeout, firstByteTimeout, idleTimeout, timeout), policy(), url, sent, accounts);
    }

    private RetryPolicy policy() {
        if (retries < 0) {
            throw new IllegalArgumentException("--retries must not be negative, found " + retries);
        }
        return RetryPolicy.DEFAULT
                .withDelays(RetryPolicy.DEFAULT.firstDelay(), PATIENCE)
                .withMaxAttempts(retries + 1);
    }
}
