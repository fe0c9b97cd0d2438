package dev.portolan.cli;

import picocli.CommandLine.Option;

/** Options that say where a server listens. */
final class ListenOptions {
    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port to listen on; 0 takes any that is free. Default: 4010.")
    int port = 4010;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "The address to listen on: one of this machine's, or 0.0.0.0 for all of them, as in a container. "
                            + "Default: 127.0.0.1, which other machines cannot reach.")
    String host = "127.0.0.1";

    /**
     * Checks what can be checked beforehand.
     *
     * @throws IllegalArgumentException if a value cannot be right
     */
    void check() {
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("--port must be 0 to " + LAST_PORT + ", found " + port);
        } else if (host.isBlank()) {
            throw new IllegalArgumentException("--host must not be blank; give 127.0.0.1, or 0.0.0.0 for all");
        }
    }
}
