package dev.portolan.testkit.simulator;

/** How an error is written once the HTTP status was 200 already (OpenRouter reference: streaming §5, errors §1 C). */
public enum ErrorShape {
    /** With a code as a number, {@code metadata.error_type} and, unless the code is 500, {@code provider_code}. */
    CURRENT,
    /** The code is a word, such as {@code "server_error"}. */
    WORD_CODE,
    /** Without {@code metadata}. */
    NO_METADATA,
    /** The older {@code metadata} of {@code provider_name} and {@code raw}. */
    PROVIDER_METADATA,
    /** The form of August 2026, with {@code availability} and without {@code code}. */
    AVAILABILITY,
    /** An {@code error} alone, without {@code choices}. */
    BARE,
    /** The error is in the choice, not at the top. */
    CHOICE,
    /** The finish reason {@code error} and no error object at all. */
    FINISH_REASON
}
