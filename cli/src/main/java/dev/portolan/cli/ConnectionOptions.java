package dev.portolan.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where the call goes. */
final class ConnectionOptions {
    @Option(names = "--offline", description = "Let the built-in simulator answer: no network, no key, no cost.")
    boolean offline;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "Where to send the call, such as http://127.0.0.1:4010/api/v1. Needs a key.")
    @Nullable String baseUrl;

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
}
