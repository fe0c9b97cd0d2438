package dev.portolan.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say how the simulator answers. */
final class SimulationOptions {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Accept this key only, and refuse others with 401. Default: any key.")
    @Nullable String key;

    @Option(
            names = "--management-key",
            description = "Take the keys for management keys, for which alone GET /credits is open.")
    boolean managementKey;

    @Option(
            names = "--chunk-delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Wait before each piece of a stream, such as 20ms. Default: no wait.")
    @Nullable Duration chunkDelay;

    @Option(
            names = "--clock",
            paramLabel = "TIME",
            description =
                    "Stop the simulator's clock at this time, such as 2026-01-31T12:00, so that answers are the same to "
                            + "the byte in every run. Default: the time it is.")
    @Nullable String clock;

    @Option(
            names = "--id-prefix",
            paramLabel = "PREFIX",
            description =
                    "How the ids of generations begin; a number follows that counts from 1. Give each run its own if a "
                            + "ledger outlives it. Default: gen-sim-.")
    @Nullable String idPrefix;

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            description =
                    "Make every call fail like this, such as 'status 503' or 'delay 50ms + cut events=3'. Repeatable.")
    List<String> faults = List.of();

    @Option(
            names = "--fault-rate",
            paramLabel = "0..1",
            description =
                    "Make this part of the calls fail: with one of the faults given, or else with one of every kind "
                            + "that ends by itself.")
    @Nullable Double faultRate;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Which calls fail, and how, with --fault-rate. Default: 0.")
    @Nullable Long seed;

    /**
     * Checks what can be checked beforehand.
     *
     * @throws IllegalArgumentException if a value cannot be right
     */
    void check() {
        if (key != null && key.isBlank()) {
            throw new IllegalArgumentException("--key must not be blank; leave it out to accept any");
        } else if (idPrefix != null && idPrefix.isBlank()) {
            throw new IllegalArgumentException("--id-prefix must not be blank");
        } else if (faultRate != null && !(faultRate >= 0 && faultRate <= 1)) {
            throw new IllegalArgumentException("--fault-rate must be 0 to 1, found " + faultRate);
        } else if (seed != null && faultRate == null) {
            throw new IllegalArgumentException("--seed goes with --fault-rate; add it, such as --fault-rate 0.3");
        }
    }
}
