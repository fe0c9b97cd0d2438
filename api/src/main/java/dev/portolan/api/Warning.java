package dev.portolan.api;

import java.util.Objects;

/**
 * Something about a request that could not be honoured as asked, though the call went on: an option of another provider,
 * a setting the model lacks, a value that was brought into range. Comes back with the response.
 *
 * @param subject the name of the setting, as the caller wrote it; for example {@code cache_control}
 * @param message what was done instead and why; one sentence, free of keys and prompts
 */
public record Warning(String subject, String message) {
    /** Checks that both parts are there. */
    public Warning {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return subject + ": " + message;
    }
}
